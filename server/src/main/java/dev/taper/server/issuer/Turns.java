package dev.taper.server.issuer;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what each party does in a minute. It holds as many parties as are enrolled, and forgets
 * them with the minute. Thread-safe.
 */
final class Turns {
  private static final Duration SPAN = Duration.ofMinutes(1);

  private final int most;
  private final Clock clock;
  private final Map<String, Integer> counts = new HashMap<>(); // guarded by this
  private long span; // guarded by this

  Turns(int most, Clock clock) {
    this.most = most;
    this.clock = clock;
  }

  /** True if a party may do one more. */
  synchronized boolean take(String party) {
    long now = clock.millis() / SPAN.toMillis();
    if (now != span) {
      span = now;
      counts.clear();
    }
    return counts.merge(party, 1, Integer::sum) <= most;
  }
}
