package dev.taper.revocation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a list says of a token. Immutable and thread-safe.
 *
 * @param status whether the list can be relied on
 * @param revoked the index of the first fingerprint that is revoked, or -1; said of a stale list
 *     too
 * @param sequence the sequence number of the list; 0 if there is none
 * @param issued when the list was issued; null if there is none
 */
public record RevocationCheck(
    RevocationStatus status, int revoked, long sequence, @Nullable Instant issued) {
  /** No list. */
  static final RevocationCheck NONE =
      new RevocationCheck(RevocationStatus.UNAVAILABLE, -1, 0, null);

  /** True if nothing is revoked, as far as a list that can be relied on says. */
  public boolean clear() {
    return status == RevocationStatus.FRESH && revoked < 0;
  }
}
