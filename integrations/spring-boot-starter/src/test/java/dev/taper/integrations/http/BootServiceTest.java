package dev.taper.integrations.http;

import java.util.Map;

class BootServiceTest extends BootContract {
  @Override
  BootService begin() {
    return BootService.start(world, Map.of());
  }
}
