package dev.taper.agent;

import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The step at which a verifier asks whether a chain is revoked. */
final class RevocationStep {
  private RevocationStep() {}

  /** The refusal of a chain; null if nothing that it stands on is revoked. */
  static @Nullable CallDecision refusal(
      Revocations revocations,
      DelegationChain chain,
      Instant now,
      PendingDecision pending,
      DecisionBasis basis) {
    RevocableParts parts = chain.revocable();
    RevocationCheck check = revocations.check(parts.fingerprints(), now);
    Instant issued = check.issued();
    if (issued != null) {
      // A list from ahead of this clock has no age; a record takes no negative one.
      Duration age = Duration.between(issued, now);
      basis.revocation(check.sequence(), age.isNegative() ? Duration.ZERO : age);
    }
    if (check.clear()) {
      return null;
    }
    if (check.revoked() >= 0) {
      return pending.denied(DenialCode.REVOKED, parts.reason(check.revoked()));
    }
    if (issued == null) {
      return pending.denied(
          DenialCode.REVOCATION_UNAVAILABLE, "this service has no list of what is revoked");
    }
    return pending.denied(
        DenialCode.REVOCATION_STALE,
        "this service's list of what is revoked is too old to be relied on",
        "this service's list of what is revoked, number "
            + check.sequence()
            + ", issued at "
            + issued
            + ", cannot be relied on any more at "
            + now);
  }
}
