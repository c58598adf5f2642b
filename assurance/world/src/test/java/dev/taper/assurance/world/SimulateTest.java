package dev.taper.assurance.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the command prints, and its exit codes. */
class SimulateTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  private int run(String... args) {
    printed.reset();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new Simulate(out, () -> nanos.addAndGet(Duration.ofSeconds(25).toNanos())).run(args);
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void run_someSeeds_saysWhatHappenedAndThatNoRuleIsBroken() {
    assertThat(run("2", "3")).isZero();

    assertThat(text())
        .contains("seeds    2, from 3\n", "steps    800\n", " allowed", " stores crashed")
        .endsWith("No history breaks a rule.\n");
  }

  @Test
  void run_minutes_endsInTime() {
    assertThat(run("1m", "3")).isZero();

    assertThat(text()).contains("seeds    2, from 3\n");
  }

  @Test
  void run_plantedFault_printsTheShortestHistory() {
    assertThat(run("5", "1", "charged_afterwards")).isEqualTo(1);

    assertThat(text())
        .contains("seed     1\n", "broken   " + Rule.BUDGET_WITHIN_LIMIT.text(), " is called with")
        .containsPattern("history  \\d+ steps are enough:\n")
        .doesNotContain("No history");
  }

  @Test
  void run_planted_printsByWhatEachIsFound() {
    assertThat(run("planted", "charged_afterwards")).isZero();

    assertThat(text())
        .contains("| charged afterwards | budget within limit | 1 | 50.0 s | ")
        .endsWith("1 of 1 planted faults are found.\n");
  }

  @Test
  void run_plantedThatIsNotFoundInAMinute_saysSo() {
    assertThat(run("planted", "set_back_clock_makes_lists_younger")).isEqualTo(1);

    assertThat(text())
        .contains("| set back clock makes lists younger | not found | | | |")
        .endsWith("0 of 1 planted faults are found.\n");
  }

  @Test
  void run_badArguments_saysWhatItTakes() {
    for (String bad : new String[] {"", "0", "m", "-3", "x", "9999999999", "999999999m"}) {
      assertThat(run(bad)).as(bad).isEqualTo(2);
      assertThat(text()).startsWith("usage: assurance/simulate").contains("  claim_in_two_steps\n");
    }
    assertThat(run("1", "1", "no_such_fault")).isEqualTo(2);
    assertThat(run("1", "1", "claim_in_two_steps", "more")).isEqualTo(2);
    assertThat(run("planted", "no_such_fault")).isEqualTo(2);
  }
}
