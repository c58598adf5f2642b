package dev.taper.agent.decision;

import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.RevocableParts;
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

  /**
   * What was found out about a chain.
   *
   * @param sequence the list that was asked; null if there was none
   * @param age how old that was; null if there was none
   * @param objection what speaks against the chain; null if nothing that it stands on is revoked
   */
  record Found(@Nullable Long sequence, @Nullable Duration age, @Nullable Objection objection) {
    /** Nobody was asked. */
    static final Found NOTHING = new Found(null, null, null);
  }

  /** Asks about all that a chain stands on. */
  static Found look(@Nullable Revocations revocations, DelegationChain chain, Instant now) {
    if (revocations == null) {
      return Found.NOTHING;
    }
    RevocableParts parts = chain.revocable();
    RevocationCheck check = revocations.check(parts.fingerprints(), now);
    Objection objection =
        check.clear()
            ? null
            : check.revoked() >= 0
                ? Objection.of(DenialCode.REVOKED, reason(parts.part(check.revoked())), null)
                : unreliable(check, now);
    Instant issued = check.issued();
    if (issued == null) {
      return new Found(null, null, objection);
    }
    // A list from ahead of this clock has no age; a record takes no negative one.
    Duration age = Duration.between(issued, now);
    return new Found(check.sequence(), age.isNegative() ? Duration.ZERO : age, objection);
  }

  /**
   * Notes which of the approvals that fit a call were withdrawn, or are by a key that was revoked.
   * They count for nothing; the token lives.
   *
   * @return what speaks against the call if that cannot be found out, else null
   */
  static @Nullable Objection withdrawals(
      Revocations revocations, List<JudgedApproval> sent, Instant now) {
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
        return check.clear() ? null : unreliable(check, now);
      }
      int revoked = check.revoked() / 2;
      open.get(revoked).standing(ApprovalStanding.WITHDRAWN);
      open = open.subList(revoked + 1, open.size()); // those before it are clear
    }
    return null;
  }

  /** The reason that one of what a chain stands on is revoked. */
  static Reason reason(RevocableParts.Part part) {
    return Reason.of(
        part.hop(),
        "",
        "no revoked " + part.kind().text().replace('_', ' '),
        List.of(part.words() + " is revoked"));
  }

  private static Objection unreliable(RevocationCheck check, Instant now) {
    Instant issued = check.issued();
    if (issued == null || check.status() == RevocationStatus.UNAVAILABLE) {
      return Objection.of(
          DenialCode.REVOCATION_UNAVAILABLE, issued == null ? NO_LIST : UNREADABLE_LIST);
    }
    return Objection.of(
        DenialCode.REVOCATION_STALE,
        OLD_LIST,
        "this service's list of what is revoked, number "
            + check.sequence()
            + ", issued at "
            + issued
            + ", cannot be relied on any more at "
            + now);
  }
}
