package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {
  private static final String NINE = "2026-11-24T09:00:00Z";
  private static final String TEN = "2026-11-24T10:00:00Z";
  private static final String UNTIL_TEN = "check if time($t), $t < " + TEN + ";";

  private static @Nullable Instant end(String... blocks) {
    return Lifetime.end(Stream.of(blocks).map(Datalog::block).toList());
  }

  @Test
  void end_ofAChain_isTheEarliest() {
    String untilNine = UNTIL_TEN.replace(TEN, NINE);

    assertThat(end(UNTIL_TEN, untilNine)).isEqualTo(NINE);
    assertThat(end(untilNine, UNTIL_TEN)).isEqualTo(NINE);
    assertThat(end("check if tool(\"a\");", UNTIL_TEN)).isEqualTo(TEN);
    assertThat(end(UNTIL_TEN, "user(\"a\"); check if tool(\"a\");")).isEqualTo(TEN);
    assertThat(end("check if tool(\"a\");")).isNull();
    assertThat(end()).isNull();
  }

  /** Then the checks of that block, and of those that trust it, can hold for ever. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "time(2026-11-24T08:00:00Z);",
        "time($t) <- issued($t);",
        "user(\"a\"); issued(2026-11-24T08:00:00Z); time($t) <- issued($t);",
      })
  void end_blockMakesTimesOfItsOwn_isUnknown(String makesTime) {
    assertThat(end(UNTIL_TEN, makesTime)).isNull();
    assertThat(end(makesTime + UNTIL_TEN)).isNull();
    assertThat(end(UNTIL_TEN, makesTime.replace("time(", "times("))).isEqualTo(TEN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "check if time($t), $t < 2026-11-24T09:00:00Z, $t < 2026-11-24T10:00:00Z | 2026-11-24T09:00:00Z",
        "check if time($t), $t < 2026-11-24T09:00:00Z or time($t), $t < 2026-11-24T10:00:00Z"
            + " | 2026-11-24T10:00:00Z",
        "check if time($t), $t < 2026-11-24T10:00:00Z or time($t), $t < 2026-11-24T09:00:00Z"
            + " | 2026-11-24T10:00:00Z",
        "check if time($t), $t < 2026-11-24T09:00:00Z or tool(\"a\") | none",
        "check if tool(\"a\"), time($t), $t < 2026-11-24T09:00:00Z | 2026-11-24T09:00:00Z",
        "check all time($t), $t < 2026-11-24T09:00:00Z | 2026-11-24T09:00:00Z",
        "reject if time($t), $t < 2026-11-24T09:00:00Z | none",
        "check if time($t, $u), $t < 2026-11-24T09:00:00Z | none",
        "check if times($t), $t < 2026-11-24T09:00:00Z | none",
        "check if time($t), $t >= 2026-11-24T09:00:00Z | none",
      })
  void end_ofACheck_isThatOfItsMostGenerousAlternative(String check, @Nullable String end) {
    Block block = Datalog.block(check + ";");

    assertThat(Lifetime.end(block)).isEqualTo(end == null ? null : Instant.parse(end));
  }
}
