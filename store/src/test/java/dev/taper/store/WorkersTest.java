package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkersTest {
  /**
   * Otherwise what collides when it commits would be rolled back, and its caller told it is done.
   */
  @Test
  void within_commitTriedAgain_countsAgain() {
    Workers workers = new Workers("a database", 1);
    try {
      List<Boolean> commits =
          workers.within(
              Deadline.in(Duration.ofSeconds(20)),
              may -> List.of(may.getAsBoolean(), may.getAsBoolean()));

      assertThat(commits).containsExactly(true, true);
    } finally {
      workers.close();
    }
  }
}
