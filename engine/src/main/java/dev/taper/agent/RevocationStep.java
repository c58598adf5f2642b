package dev.taper.agent;

import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps at which a verifier asks what is revoked. */
final class RevocationStep {
  private static final String NO_LIST = "this service has no list of what is revoked";
  private static final String UNREADABLE_LIST =
      "this service cannot read its list of what is revoked";
  private static final String OLD_LIST =
      "this service's list of what is revoked is too old to be relied on";

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
    return check.revoked() >= 0
        ? pending.denied(DenialCode.REVOKED, parts.reason(check.revoked()))
        : unreliable(check, now, pending);
  }

  /** The offer of nothing for a chain; null if nothing that it stands on is revoked. */
  static @Nullable ToolOffer offerOfNothing(
      Revocations revocations, DelegationChain chain, Instant now) {
    RevocableParts parts = chain.revocable();
    RevocationCheck check;
    try {
      check = revocations.check(parts.fingerprints(), now);
    } catch (TaperException e) {
      if (!Behind.isTimeout(e)) {
        throw e;
      }
      return ToolOffer.refused(DenialCode.TIMEOUT, String.valueOf(e.getMessage()));
    }
    if (check.clear()) {
      return null;
    }
    if (check.revoked() >= 0) {
      String reason = parts.reason(check.revoked()).details().get(0);
      return ToolOffer.refused(DenialCode.REVOKED, reason);
    }
    return check.status() == RevocationStatus.UNAVAILABLE
        ? ToolOffer.refused(DenialCode.REVOCATION_UNAVAILABLE, unavailable(check))
        : ToolOffer.refused(DenialCode.REVOCATION_STALE, OLD_LIST);
  }

  /**
   * Notes which of the approvals that fit a call were withdrawn, or are by a key that was revoked.
   * They count for nothing; the token lives.
   *
   * @return a refusal if that cannot be found out, else null
   */
  static @Nullable CallDecision withdrawals(
      Revocations revocations, List<JudgedApproval> sent, Instant now, PendingDecision pending) {
    List<JudgedApproval> open = new ArrayList<>(sent);
    open.removeIf(one -> !one.counts());
    while (!open.isEmpty()) {
      List<Fingerprint> fingerprints = new ArrayList<>();
      for (JudgedApproval one : open) {
        PublicKey approver = one.approval().approver();
        fingerprints.add(Fingerprint.ofApproval(approver, one.statement().id()));
        fingerprints.add(Fingerprint.ofHolder(approver));
      }
      RevocationCheck check = revocations.check(fingerprints, now);
      if (check.revoked() < 0) {
        return check.clear() ? null : unreliable(check, now, pending);
      }
      int revoked = check.revoked() / 2;
      open.get(revoked).standing(ApprovalStanding.WITHDRAWN);
      open = open.subList(revoked + 1, open.size()); // those before it are clear
    }
    return null;
  }

  private static CallDecision unreliable(
      RevocationCheck check, Instant now, PendingDecision pending) {
    Instant issued = check.issued();
    if (issued == null || check.status() == RevocationStatus.UNAVAILABLE) {
      return pending.denied(DenialCode.REVOCATION_UNAVAILABLE, unavailable(check));
    }
    return pending.denied(
        DenialCode.REVOCATION_STALE,
        OLD_LIST,
        "this service's list of what is revoked, number "
            + check.sequence()
            + ", issued at "
            + issued
            + ", cannot be relied on any more at "
            + now);
  }

  private static String unavailable(RevocationCheck check) {
    return check.issued() == null ? NO_LIST : UNREADABLE_LIST;
  }
}
