package dev.taper.server.serve.audit;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how many statements are recorded in a minute: of all tokens that come of one authority
 * block, for one delegator, and in all. An issuer signed both names; what a holder can make for
 * free, keys and blocks, counts nowhere. Thread-safe.
 */
final class StatementRates {
  static final int OF_AUTHORITY = 60;
  static final int OF_DELEGATOR = 300;
  static final int OF_ALL = 3000;

  private static final Duration SPAN = Duration.ofMinutes(1);

  private final Clock clock;
  private final Map<String, Integer> counts = new HashMap<>(); // guarded by this; OF_ALL at most
  private long span; // guarded by this
  private int all; // guarded by this

  StatementRates(Clock clock) {
    this.clock = clock;
  }

  /**
   * Counts one more.
   *
   * @return false if it is one too many, and so is not counted
   */
  synchronized boolean take(String authority, String delegator) {
    long now = clock.millis() / SPAN.toMillis();
    if (now != span) {
      span = now;
      counts.clear();
      all = 0;
    }
    String block = "block " + authority;
    String person = "delegator " + delegator;
    if (all >= OF_ALL
        || counts.getOrDefault(block, 0) >= OF_AUTHORITY
        || counts.getOrDefault(person, 0) >= OF_DELEGATOR) {
      return false;
    }
    all++;
    counts.merge(block, 1, Integer::sum);
    counts.merge(person, 1, Integer::sum);
    return true;
  }
}
