package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revocation that its own issuer takes back before its end, and why. It ends what this issuer
 * revoked, never what another did; an entry of the same list, or of a later one, revokes anew.
 * Immutable and thread-safe.
 *
 * @param kind what was revoked
 * @param fingerprint which one
 * @param until the end of what is lifted, as {@link RevocationEntry#until}: so long the issuer
 *     repeats this in every snapshot
 * @param reason why, for people: a label of at most 1,024 bytes
 */
public record LiftedEntry(
    RevocationKind kind, Fingerprint fingerprint, @Nullable Instant until, String reason) {
  /**
   * Checks the reason.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is empty, too long, or holds
   *     what people cannot see
   */
  public LiftedEntry {
    Canonical.reason(reason);
  }

  /**
   * Lifts an entry.
   *
   * @param entry what was revoked, and until when
   * @param reason why that ends early
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} as the constructor
   */
  public static LiftedEntry of(RevocationEntry entry, String reason) {
    return new LiftedEntry(entry.kind(), entry.fingerprint(), entry.until(), reason);
  }

  /** The entry that is lifted. */
  public RevocationEntry entry() {
    return new RevocationEntry(kind, fingerprint, until);
  }

  byte[] reasonBytes() {
    return reason.getBytes(StandardCharsets.UTF_8);
  }
}
