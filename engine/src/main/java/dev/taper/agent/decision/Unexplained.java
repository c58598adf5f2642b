package dev.taper.agent.decision;

import dev.taper.TaperException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the refusals that could not be explained. They still stand, with a bare explanation:
 * nothing that a call or token holds may cost a service its decision or its record.
 */
final class Unexplained {
  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  private final LongAdder count = new LongAdder();

  /** Logs the first, the second, the fourth…, so that no caller can fill the log. */
  void note(RuntimeException e) {
    count.increment();
    long now = count.sum();
    if (Long.bitCount(now) == 1) {
      // The message may quote the call; its kind and place do not.
      String kind = e instanceof TaperException t ? t.code().text() : e.getClass().getName();
      StackTraceElement[] trace = e.getStackTrace();
      LOG.warn(
          "a refusal could not be explained (number {}): {} at {}",
          now,
          kind,
          trace.length == 0 ? "an unknown place" : trace[0]);
    }
  }

  long count() {
    return count.sum();
  }
}
