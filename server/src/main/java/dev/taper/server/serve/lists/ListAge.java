package dev.taper.server.serve.lists;

import dev.taper.revocation.RevocationHeader;
import java.time.Duration;
import java.time.Instant;

/**
 * How much of a list's time is left. Immutable and thread-safe.
 *
 * @param header the list
 * @param now what time it is
 */
record ListAge(RevocationHeader header, Instant now) {
  /** Of its time, how many parts are over when it is signed anew. */
  private static final int RENEWED_AFTER = 2;

  /** The part of its time that is left when nobody has signed it anew, and should have. */
  private static final int OVERDUE_AT = 4;

  /** The time until it is stale; negative from then on. */
  Duration left() {
    return Duration.between(now, header.staleAfter());
  }

  private Duration span() {
    return Duration.between(header.issued(), header.staleAfter());
  }

  /** True when its time is half over. */
  boolean isToBeSigned() {
    return !now.isBefore(header.issued().plus(span().dividedBy(RENEWED_AFTER)));
  }

  /** True when a quarter of its time is left, or less. */
  boolean isOverdue() {
    return left().compareTo(span().dividedBy(OVERDUE_AT)) <= 0;
  }

  boolean isStale() {
    return header.stale(now);
  }

  /**
   * How urgent it is: 0 while it is not overdue, one more whenever what is left has halved, and the
   * most once it is stale.
   */
  int urgency() {
    if (isStale()) {
      return Integer.SIZE;
    }
    int urgency = 0;
    for (Duration part = span().dividedBy(OVERDUE_AT);
        left().compareTo(part) <= 0 && urgency < Integer.SIZE - 1;
        part = part.dividedBy(2)) {
      urgency++;
    }
    return urgency;
  }
}
