package dev.taper.integrations.http;

import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.boot.test.context.FilteredClassLoader;

/** As in an application that does not have Spring Security. */
class BootWithoutSecurityTest extends BootContract {
  /** Made once in a JVM, of what its first user sees: one that lacks a part spoils it for all. */
  @BeforeAll
  static void seeAll() {
    var unused = ContextRegistry.getInstance();
  }

  @Override
  BootService begin() {
    return BootService.start(world, new FilteredClassLoader("org.springframework.security"));
  }
}
