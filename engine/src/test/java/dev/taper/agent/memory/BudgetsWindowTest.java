package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetsWindowTest {
  /** Stores keep what was charged by these parts, so every version must cut alike. */
  @ParameterizedTest
  @CsvSource({"1, 17, 60", "60, 1000, 61", "61, 1017, 61", "3600, 60000, 61"})
  void of_window_isCutIntoSixtyPartsAndTheCurrentOne(long seconds, long part, int parts) {
    assertThat(Budgets.Window.of(Duration.ofSeconds(seconds)))
        .isEqualTo(new Budgets.Window(part, parts));
  }
}
