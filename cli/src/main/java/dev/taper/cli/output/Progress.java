package dev.taper.cli.output;

import dev.taper.cli.io.Console;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says how far a command is that takes longer than a second: one line on standard error, which goes
 * away at the end. It appears only if that is a terminal. Results do not change by it, and neither
 * does what a program reads. Closing it takes the line away, before a result or an error is
 * printed. Not thread-safe.
 */
public final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** The terminal's: go to the start of the line and empty it. */
  static final String EMPTY_LINE = "\r\u001b[K";

  /** Steps between two looks at the clock; a step of a log or list takes about a microsecond. */
  private static final long STEPS = 256;

  private final @Nullable PrintStream line;
  private final Clock clock;
  private final String doing;
  private Instant next;
  private long total;
  private long done;
  private boolean shown;

  private Progress(@Nullable PrintStream line, Clock clock, String doing) {
    this.line = line;
    this.clock = clock;
    this.doing = doing;
    this.next = clock.instant().plus(PATIENCE);
  }

  /**
   * Begins.
   *
   * @param console where
   * @param doing what is done to what is counted, such as {@code reading records}
   * @param quiet true where a program reads, as with {@code --json}: nothing appears
   */
  public static Progress of(Console console, String doing, boolean quiet) {
    return new Progress(line(console, quiet), console.clock(), doing);
  }

  /** Where a line can come and go; null if nobody would see it. */
  static @Nullable PrintStream line(Console console, boolean quiet) {
    boolean seen = console.terminals().err() && !"dumb".equals(console.variable("TERM"));
    return seen && !quiet ? console.err() : null;
  }

  /** Says how many there are, so that shares are shown; 0 if nobody knows. */
  public Progress outOf(long count) {
    total = count;
    return this;
  }

  /** One of many small steps is done; cheap enough for millions. */
  public void step() {
    if (++done % STEPS == 0) {
      show();
    }
  }

  /** So many are done by now; for steps that take long, as the clock is looked at. */
  public void at(long count) {
    done = count;
    show();
  }

  /** So many are done by now, of so many; as {@link #at(long)}, from any thread. */
  public synchronized void at(long count, long of) {
    total = of;
    at(Math.max(done, count));
  }

  private void show() {
    if (line == null) {
      return;
    }
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(PAUSE);
    shown = true;
    line.print(EMPTY_LINE + "taper: " + SafeText.line(doing) + ": " + amount() + " ");
    line.flush();
  }

  private String amount() {
    String counted = String.format(Locale.ROOT, "%,d", done);
    if (total <= 0) {
      return counted;
    }
    long percent = Math.min(100, Math.round(100.0 * done / total));
    return counted + " of " + String.format(Locale.ROOT, "%,d", total) + " (" + percent + " %)";
  }

  @Override
  public void close() {
    if (shown && line != null) {
      line.print(EMPTY_LINE);
      line.flush();
      shown = false;
    }
  }
}
