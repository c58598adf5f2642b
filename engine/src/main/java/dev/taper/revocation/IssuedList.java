package dev.taper.revocation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A list that was signed just now. Immutable and thread-safe.
 *
 * @param sequence its number
 * @param validity how long it can be relied on
 * @param last the header of the list before it; null for a first one
 * @param changed how many of the things that were asked for changed anything: revoked already, and
 *     no earlier end than asked for, is no change
 */
public record IssuedList(
    long sequence, Validity validity, @Nullable RevocationHeader last, int changed) {
  /** The same with another count of changes. */
  public IssuedList changed(int count) {
    return new IssuedList(sequence, validity, last, count);
  }

  /** True if it is good for less time than the one before was. */
  public boolean isShorter() {
    return last != null && span(validity).compareTo(span(last.validity())) < 0;
  }

  /** How long a list is good for, from its issue on. */
  public static Duration span(Validity validity) {
    return Duration.between(validity.issued(), validity.staleAfter());
  }
}
