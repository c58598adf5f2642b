package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningTest {
  @Test
  void await_stopped_closesTheLastFirstAndEachOnce() throws Exception {
    List<String> closed = new ArrayList<>();
    Running running = Running.stoppedByHand();
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

  /** Whoever looks at health sees the stop until everything else is closed. */
  @Test
  void await_stopped_isDrainingUntilTheEnd_andClosesLastWhatSaysSo() throws Exception {
    List<String> closed = new ArrayList<>();
    Running running = Running.stoppedByHand();
    running.<AutoCloseable>closing(() -> closed.add("calls " + running.isDraining()));
    running.<AutoCloseable>closingLast(() -> closed.add("health " + running.isDraining()));
    running.<AutoCloseable>closing(() -> closed.add("more calls " + running.isDraining()));
    assertThat(running.isDraining()).isFalse();
    running.stop();
    running.await();
    assertThat(closed).containsExactly("more calls true", "calls true", "health true");
  }
}
