package dev.taper.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final String EMPTY_LINE = "\r\u001b[K";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CountDownLatch shown = new CountDownLatch(2);

  private Console console(boolean terminal) {
    PrintStream seen =
        new PrintStream(err, false, StandardCharsets.UTF_8) {
          @Override
          public void flush() {
            super.flush();
            shown.countDown();
          }
        };
    return new Console(
        InputStream.nullInputStream(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        seen,
        Map.of(),
        Clock.systemUTC(),
        new Terminals(false, true, terminal),
        Path.of(""));
  }

  private String untilShown() {
    try {
      shown.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "done";
  }

  @Test
  void longWork_onATerminal_isShownAndTakenAway() {
    String done =
        Waiting.during(
            console(true), "asking \u001b", false, this::untilShown, Duration.ofMillis(1));

    assertThat(done).isEqualTo("done");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith(
            EMPTY_LINE + "taper: asking \\u{1b}: 1 s " + EMPTY_LINE + "taper: asking \\u{1b}: 2 s ")
        .endsWith(" s " + EMPTY_LINE);
    assertThat(out.size()).isZero();
  }

  @Test
  void longWork_thatFails_takesTheLineAway() {
    assertThatThrownBy(
            () ->
                Waiting.during(
                    console(true),
                    "asking",
                    false,
                    () -> {
                      throw new IllegalStateException(untilShown());
                    },
                    Duration.ofMillis(1)))
        .hasMessage("done");
    assertThat(err.toString(StandardCharsets.UTF_8)).endsWith(" s " + EMPTY_LINE);
  }

  @Test
  void work_shortOrWithoutATerminalOrForAProgram_showsNothing() {
    assertThat(Waiting.during(console(true), "asking", false, () -> 7, Duration.ofDays(1)))
        .isEqualTo(7);
    assertThat(Waiting.during(console(false), "asking", false, () -> 8)).isEqualTo(8);
    assertThat(Waiting.during(console(true), "asking", true, () -> 9)).isEqualTo(9);
    assertThat(err.size()).isZero();
  }
}
