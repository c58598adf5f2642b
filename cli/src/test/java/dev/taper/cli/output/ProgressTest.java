package dev.taper.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final String EMPTY_LINE = "\r\u001b[K";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final HandClock clock = new HandClock();

  /** Goes on when told. */
  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2030-01-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    private void pass(long millis) {
      now = now.plusMillis(millis);
    }
  }

  private Console console(boolean terminal, Map<String, String> env) {
    return new Console(
        InputStream.nullInputStream(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        env,
        clock,
        new Terminals(false, true, terminal),
        Path.of(""));
  }

  private String shown() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void longWork_onATerminal_isShownAfterASecondAndTakenAway() {
    try (Progress progress =
        Progress.of(console(true, Map.of()), "reading records", false).outOf(4000)) {
      clock.pass(999);
      progress.at(1000);
      assertThat(shown()).isEmpty();
      clock.pass(1);
      progress.at(2000);
      assertThat(shown()).isEqualTo(EMPTY_LINE + "taper: reading records: 2,000 of 4,000 (50 %) ");
      err.reset();
      clock.pass(199);
      progress.at(3000);
      assertThat(shown()).isEmpty();
    }

    assertThat(shown()).isEqualTo(EMPTY_LINE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void severalThreads_showTheMostThatIsDone() {
    try (Progress progress = Progress.of(console(true, Map.of()), "testing", false)) {
      clock.pass(5000);
      progress.at(3, 4);
      clock.pass(5000);
      progress.at(2, 4);
    }

    assertThat(shown()).contains("3 of 4 (75 %)").doesNotContain("2 of 4");
  }

  @Test
  void shortWork_showsNothing() {
    try (Progress progress = Progress.of(console(true, Map.of()), "reading records", false)) {
      clock.pass(500);
      progress.at(10);
    }

    assertThat(shown()).isEmpty();
  }

  @Test
  void smallSteps_lookAtTheClockNowAndThen() {
    try (Progress progress = Progress.of(console(true, Map.of()), "reading", false)) {
      clock.pass(2000);
      progress.step();
      assertThat(shown()).isEmpty();
      for (int i = 1; i < 256; i++) {
        progress.step();
      }
      assertThat(shown()).contains("taper: reading: 256 ");
    }
  }

  @Test
  void longWork_noTerminalOrForAProgram_showsNothing() {
    for (Progress progress :
        new Progress[] {
          Progress.of(console(false, Map.of()), "reading", false),
          Progress.of(console(true, Map.of("TERM", "dumb")), "reading", false),
          Progress.of(console(true, Map.of()), "reading", true)
        }) {
      clock.pass(5000);
      progress.at(7);
      progress.close();
    }

    assertThat(shown()).isEmpty();
  }

  @Test
  void text_ofUnknownOrigin_isMadeHarmless() {
    try (Progress progress = Progress.of(console(true, Map.of()), "a\u001b[2J", false)) {
      clock.pass(5000);
      progress.at(7);
    }

    assertThat(shown()).contains("a\\u{1b}[2J: 7");
  }
}
