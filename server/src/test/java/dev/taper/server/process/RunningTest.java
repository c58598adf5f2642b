package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningTest {
  @Test
  void await_stopped_closesTheLastFirstAndEachOnce() throws Exception {
    List<String> closed = new ArrayList<>();
    Running running = new Running();
    running.<AutoCloseable>closing(() -> closed.add("first"));
    running.<AutoCloseable>closing(
        () -> {
          closed.add("failing");
          throw new IllegalStateException("cannot");
        });
    running.<AutoCloseable>closing(() -> closed.add("last"));
    running.stop();
    running.await();
    running.close();
    assertThat(closed).containsExactly("last", "failing", "first");
  }
}
