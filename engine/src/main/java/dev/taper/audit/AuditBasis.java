package dev.taper.audit;

import dev.taper.agent.DenialCode;
import dev.taper.crypto.PublicKey;
import dev.taper.token.TokenKind;
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
 * @param omitted how many denials like this one were left out of the log before it, so that nobody
 *     can fill it; null for none
 * @param proofKey the key that proved to make the call; null if nothing shows who made it
 * @param revocationSequence the sequence of the revocation list that was asked, or null
 * @param revocationAgeMillis how old that list was, in milliseconds, or null
 * @param approvals the ids of the approvals that counted, in hex
 * @param justified the reasons of the justifications that counted
 */
public record AuditBasis(
    @Nullable DenialCode code,
    @Nullable Integer failingHop,
    @Nullable Long omitted,
    String policy,
    TokenKind presented,
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
  public AuditBasis {
    Checked.hex(policy, 32, "the digest of the policies");
    Checked.naturalOrNull(failingHop, "the failing hop");
    Checked.naturalOrNull(omitted, "how many denials were left out");
    Checked.naturalOrNull(revocationSequence, "the sequence of the revocation list");
    Checked.naturalOrNull(revocationAgeMillis, "the age of the revocation list");
    approvals = List.copyOf(approvals);
    justified = List.copyOf(justified);
    approvals.forEach(id -> Checked.text(id, "an approval's id"));
    justified.forEach(reason -> Checked.text(reason, "a reason"));
  }

  /** True if the token's holder is known to have made the call. */
  public boolean isProven() {
    return proofKey != null;
  }

  /** The same, but refused, by no hop. A proof that was used before shows nothing of the caller. */
  AuditBasis denied(DenialCode why) {
    return new AuditBasis(
        why,
        null,
        omitted,
        policy,
        presented,
        rootKey,
        why == DenialCode.PROOF_REPLAYED ? null : proofKey,
        revocationSequence,
        revocationAgeMillis,
        approvals,
        justified);
  }

  /** The same with how many were left out before it. */
  AuditBasis omitted(long count) {
    return new AuditBasis(
        code,
        failingHop,
        count == 0 ? null : count,
        policy,
        presented,
        rootKey,
        proofKey,
        revocationSequence,
        revocationAgeMillis,
        approvals,
        justified);
  }

  /** The same without what the caller may have made up. */
  AuditBasis brief() {
    return new AuditBasis(
        code,
        failingHop,
        omitted,
        policy,
        presented,
        rootKey,
        proofKey,
        revocationSequence,
        revocationAgeMillis,
        List.of(),
        List.of());
  }
}
