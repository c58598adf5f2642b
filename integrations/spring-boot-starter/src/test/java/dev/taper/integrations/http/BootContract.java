package dev.taper.integrations.http;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** What every guarded service does, by one application for all tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BootContract extends BadInputContract {
  private @Nullable BootService started;

  abstract BootService begin();

  @Override
  final TestService.Starter starter() {
    return guard -> {
      if (started == null) {
        started = begin();
      }
      return started;
    };
  }

  @Override
  final boolean dropsLengthOfChunks() {
    return true;
  }

  @AfterAll
  void end() {
    if (started != null) {
      started.stop();
    }
  }
}
