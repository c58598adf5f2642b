package dev.taper.audit;

import dev.taper.agent.DelegationHop;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a delegation chain, as a record has it.
 *
 * @param block the block's index
 * @param mode what the step is
 * @param by who granted it
 * @param holder who holds the token after it; null if whoever bears it does
 * @param key the holder's key
 * @param digest the SHA-256 digest of the block's revocation key, 64 hex digits: the name of the
 *     token that ends here
 * @param fingerprint what a revocation list calls the block, 32 hex digits; written with {@link
 *     #granted}
 * @param until when the authority ends that is left after the block, or null if no block says so
 * @param granted what the block leaves of the authority, in words; null if this log has said so
 *     before
 */
public record AuditHop(
    int block,
    DelegationHop.Mode mode,
    String by,
    @Nullable String holder,
    PublicKey key,
    String digest,
    @Nullable String fingerprint,
    @Nullable Instant until,
    @Nullable String granted) {
  /** The most characters of {@link #granted}; what is longer is cut and ends in an ellipsis. */
  public static final int MAX_GRANTED = 2048;

  /**
   * Checks the parts, and cuts the time to milliseconds and what was granted to its limit.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
   *     out of its range
   */
  public AuditHop {
    Checked.natural(block, "a block's index");
    Checked.text(by, "who granted");
    Checked.textOrNull(holder, "the holder");
    Checked.hex(digest, 32, "a block's digest");
    if (fingerprint != null) {
      Checked.hex(fingerprint, Fingerprint.BYTES, "a block's fingerprint");
    }
    until = until == null ? null : Checked.time(until);
    granted = granted == null ? null : ShortText.of(granted, MAX_GRANTED);
  }

  static AuditHop of(
      DelegationHop hop,
      String digest,
      byte[] revocationKey,
      @Nullable Instant end,
      @Nullable EffectiveAuthority scope) {
    return new AuditHop(
        hop.block(),
        hop.mode(),
        hop.grantor(),
        hop.holder(),
        hop.holderKey(),
        digest,
        scope == null ? null : Fingerprint.ofBlock(revocationKey).toString(),
        end,
        scope == null ? null : hop.words(scope, MAX_GRANTED));
  }
}
