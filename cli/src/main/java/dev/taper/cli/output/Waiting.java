package dev.taper.cli.output;

import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.cli.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Says that a command waits, and for how long, where what it waits for tells no numbers, such as a
 * database. Otherwise it does as {@link Progress}: one line, after a second, on a terminal alone,
 * which goes away at the end.
 */
public final class Waiting {
  private final PrintStream line;
  private final String doing;
  private long periods; // guarded by this
  private boolean over; // guarded by this

  private Waiting(PrintStream line, String doing) {
    this.line = line;
    this.doing = doing;
  }

  /**
   * Does something that may take long. It must not write to the terminal itself.
   *
   * @param console where
   * @param doing what is done, such as {@code asking the registry}
   * @param quiet true where a program reads, as with {@code --json}: nothing appears
   * @param work does it, in this thread
   */
  public static <T> T during(Console console, String doing, boolean quiet, Supplier<T> work) {
    return during(console, doing, quiet, work, Duration.ofSeconds(1));
  }

  /** Does something, and counts something shorter or longer in place of seconds. */
  static <T> T during(
      Console console, String doing, boolean quiet, Supplier<T> work, Duration period) {
    PrintStream line = Progress.line(console, quiet);
    if (line == null) {
      return work.get();
    }
    Waiting waiting = new Waiting(line, doing);
    RepeatedTask timer =
        RepeatedTask.startLater(
            "taper-waiting",
            period,
            FailureLog.of(Waiting.class, "the line that says so", console.clock()),
            waiting::show);
    try {
      return work.get();
    } finally {
      timer.finish();
      waiting.end();
    }
  }

  private synchronized void show() {
    if (!over) {
      periods++;
      line.print(Progress.EMPTY_LINE + "taper: " + SafeText.line(doing) + ": " + periods + " s ");
      line.flush();
    }
  }

  private synchronized void end() {
    over = true;
    if (periods > 0) {
      line.print(Progress.EMPTY_LINE);
      line.flush();
    }
  }
}
