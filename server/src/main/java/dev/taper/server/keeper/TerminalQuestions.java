package dev.taper.server.keeper;

import dev.taper.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks at the terminal from which the keeper was started. A yes is a number that stands in the
 * question, so that what was typed for another question, or by accident, allows nothing; of what is
 * not shown whole, the beginning of its digest.
 */
final class TerminalQuestions implements Confirmation.Asking {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MOST_LINES = 64;

  private final PrintWriter out;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_LINES);

  /**
   * Asks at a terminal, whose lines are read from now on.
   *
   * @param in what is typed
   * @param out what is shown
   */
  TerminalQuestions(Reader in, PrintWriter out) {
    this.out = out;
    Thread unused = DaemonThreads.start("terminal", () -> read(new BufferedReader(in)));
  }

  private void read(BufferedReader in) {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        boolean unused = lines.offer(line);
      }
    } catch (IOException e) {
      // The terminal is gone: nobody answers any more.
    }
  }

  @Override
  public boolean isAllowed(Question question, Duration patience) throws InterruptedException {
    String digest = question.accepted();
    String yes = digest == null ? String.valueOf(100 + RANDOM.nextInt(900)) : digest;
    lines.clear();
    question.lines().forEach(out::println);
    out.print(
        digest == null
            ? "  type " + yes + " to allow it, anything else to refuse: "
            : "  type the first "
                + yes.length()
                + " digits of the digest to allow it unseen, anything else to refuse: ");
    out.flush();
    String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      out.println("\n  refused: no answer");
      out.flush();
    }
    return line != null && line.strip().equals(yes);
  }
}
