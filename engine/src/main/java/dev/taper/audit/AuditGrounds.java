package dev.taper.audit;

import dev.taper.agent.DenialCode;
import dev.taper.agent.request.Presentation;
import dev.taper.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision rests on.
 *
 * @param code why the call was denied; null if it was allowed
 * @param failingHop the index of the block that refused it, or null
 * @param policy the SHA-256 digest of the service's policies, 64 hex digits
 * @param presented how the token was presented
 * @param rootKey the root key that signed the token
 * @param proofKey the key that proved to make the call, or null
 * @param revocationSequence the sequence of the revocation list that was asked, or null
 * @param revocationAgeMillis how old that list was, in milliseconds, or null
 * @param approvals the ids of the approvals that counted, in hex
 * @param justified the reasons of the justifications that counted
 */
public record AuditGrounds(
    @Nullable DenialCode code,
    @Nullable Integer failingHop,
    String policy,
    Presentation presented,
    PublicKey rootKey,
    @Nullable PublicKey proofKey,
    @Nullable Long revocationSequence,
    @Nullable Long revocationAgeMillis,
    List<String> approvals,
    List<String> justified) {
  /**
   * Checks and copies the parts.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
   *     out of its range
   */
  public AuditGrounds {
    Checked.hex(policy, 32, "the digest of the policies");
    Checked.naturalOrNull(failingHop, "the failing hop");
    Checked.naturalOrNull(revocationSequence, "the sequence of the revocation list");
    Checked.naturalOrNull(revocationAgeMillis, "the age of the revocation list");
    approvals = List.copyOf(approvals);
    justified = List.copyOf(justified);
    approvals.forEach(id -> Checked.text(id, "an approval's id"));
    justified.forEach(reason -> Checked.text(reason, "a reason"));
  }

  /** The same, but refused, by no hop. */
  AuditGrounds denied(DenialCode why) {
    return new AuditGrounds(
        why,
        null,
        policy,
        presented,
        rootKey,
        proofKey,
        revocationSequence,
        revocationAgeMillis,
        approvals,
        justified);
  }
}
