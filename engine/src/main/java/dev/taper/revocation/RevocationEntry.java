package dev.taper.revocation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something revoked, and until when that matters.
 *
 * @param kind what it is
 * @param fingerprint which one
 * @param until the last second in which what is revoked would be good otherwise, rounded up; null
 *     if it has no end. From then on the entry says nothing, so it must not be too early
 */
public record RevocationEntry(
    RevocationKind kind, Fingerprint fingerprint, @Nullable Instant until) {
  /** The seconds since 1970 that stand for no end; the second before is the last that counts. */
  static final int FOREVER = -1;

  private static final long FOREVER_UNSIGNED = 0xffffffffL;

  /** An entry without an end. */
  public static RevocationEntry forever(RevocationKind kind, Fingerprint fingerprint) {
    return new RevocationEntry(kind, fingerprint, null);
  }

  /** An entry as the format has it. */
  static RevocationEntry of(RevocationKind kind, Fingerprint fingerprint, int until) {
    return new RevocationEntry(
        kind,
        fingerprint,
        until == FOREVER ? null : Instant.ofEpochSecond(Integer.toUnsignedLong(until)));
  }

  /** The end in unsigned seconds since 1970; what is out of range has no end. */
  int untilSeconds() {
    if (until == null) {
      return FOREVER;
    }
    long seconds = until.getEpochSecond() + (until.getNano() > 0 ? 1 : 0);
    return seconds < 0 ? 0 : seconds >= FOREVER_UNSIGNED ? FOREVER : (int) seconds;
  }

  /** Of two entries for one thing, the one with the later end. */
  static RevocationEntry later(RevocationEntry a, RevocationEntry b) {
    return Integer.compareUnsigned(b.untilSeconds(), a.untilSeconds()) > 0 ? b : a;
  }
}
