package dev.taper.integrations.http;

import org.springframework.boot.test.context.FilteredClassLoader;

/** As in an application that does not have Spring Security. */
class BootWithoutSecurityTest extends BootContract {
  @Override
  BootService begin() {
    return BootService.start(world, new FilteredClassLoader("org.springframework.security"));
  }
}
