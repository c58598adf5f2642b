package dev.taper.agent.decision;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.grant.Activation;
import dev.taper.token.Token;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains the refusal of a call that lacks only approvals or justifications: what is missing, and
 * what is wrong with those that are there instead.
 *
 * @param missing what is missing
 * @param code what is wrong
 * @param reason what is wrong, in a sentence for the caller
 * @param operatorReason what is wrong, for the operator, who may know whom a policy names
 */
record ActivationDiagnosis(
    MissingActivation missing, DenialCode code, String reason, String operatorReason) {
  /**
   * Looks for what comes nearest to what is missing.
   *
   * @param found what is missing, and what is asked for beside that
   * @param facts what is known of the call
   * @param escalation what approvals and justifications say of it
   * @param published true if the caller may know whom the service's policies name
   */
  static ActivationDiagnosis of(
      ActivationSearch.Found found, CallFacts facts, Escalation escalation, boolean published) {
    return new Diagnosis(found.missing(), found.asked(), facts, escalation, published).find();
  }

  private record Diagnosis(
      MissingActivation missing,
      Set<Activation> asked,
      CallFacts facts,
      Escalation escalation,
      boolean published) {
    ActivationDiagnosis find() {
      Activation first = missing.shown(true).get(0);
      if (escalation.chain().kind() != Token.Kind.HELD) {
        DenialCode code =
            first.kind() == Activation.Kind.JUSTIFIED
                ? DenialCode.JUSTIFICATION_REQUIRED
                : DenialCode.APPROVAL_REQUIRED;
        return found(code, "only a holder who proves the call can justify it or have it approved");
      }
      return first.kind() == Activation.Kind.JUSTIFIED ? justification(first) : approval();
    }

    private ActivationDiagnosis justification(Activation justified) {
      ActivationDiagnosis best = null;
      for (Justification j : escalation.chain().justifications()) {
        best = nearer(best, justification(j, justified));
      }
      for (Justification j : escalation.chain().earlierJustifications()) {
        if (best == null) {
          best =
              found(
                  DenialCode.JUSTIFICATION_BY_EARLIER_HOLDER,
                  "the justification for " + j.tools() + " is by an earlier holder");
        }
      }
      return best != null
          ? best
          : found(DenialCode.JUSTIFICATION_REQUIRED, "the holder has to say why it makes the call");
    }

    private ActivationDiagnosis justification(Justification j, Activation justified) {
      if (!j.tools().matches(escalation.call().tool())) {
        return found(DenialCode.JUSTIFICATION_MISMATCH, "the justification is for " + j.tools());
      }
      if (!escalation.now().isBefore(j.until())) {
        return found(DenialCode.JUSTIFICATION_EXPIRED, "the justification ended at " + j.until());
      }
      if (!escalation.hasBegun(j.from())) {
        return found(
            DenialCode.JUSTIFICATION_NOT_YET_VALID, "the justification begins at " + j.from());
      }
      boolean isGrants =
          justified.within() != null
              && justified.within().compareTo(escalation.service().shared.longestJustification) < 0;
      return found(
          DenialCode.JUSTIFICATION_TOO_LONG,
          "the justification is for "
              + j.window().toSeconds()
              + " s, more than "
              + (isGrants ? "the grant" : "the verifier")
              + " allows");
    }

    private ActivationDiagnosis approval() {
      ApprovalStanding nearest = ApprovalStanding.COUNTS;
      Approval found = null;
      for (JudgedApproval one : escalation.sent()) {
        ApprovalStanding standing = standing(one);
        if (standing != ApprovalStanding.COUNTS
            && (found == null || standing.compareTo(nearest) < 0)) {
          nearest = standing;
          found = one.approval();
        }
      }
      return found == null ? nothing() : found(nearest.code(), words(found, nearest));
    }

    private ActivationDiagnosis nothing() {
      return new ActivationDiagnosis(
          missing,
          DenialCode.APPROVAL_REQUIRED,
          missing.isHidden(published) && missing.missing().isEmpty()
              ? "it has to be approved; ask the service by whom"
              : "it has to be " + missing.shown(published).get(0),
          "it has to be " + missing.shown(true).get(0));
    }

    /** What is wrong with an approval, as the caller may know; it counts if nothing is. */
    private ApprovalStanding standing(JudgedApproval one) {
      Approval approval = one.approval();
      boolean isVerified = one.standing().compareTo(ApprovalStanding.UNKNOWN_KEY) < 0;
      if (!isVerified || isHidden() || isApprover(approval, missing.shown(true))) {
        return one.standing();
      }
      return isApprover(approval, asked) || isForAGrant(approval)
          ? ApprovalStanding.COUNTS // for something else
          : ApprovalStanding.UNKNOWN_KEY;
    }

    /**
     * True if the caller may not know who the approvers are. Then no approval, good or bad, may
     * tell its sender whether its key is that of one.
     */
    private boolean isHidden() {
      boolean hidden = missing.isHidden(published);
      for (Activation activation : asked) {
        hidden |= !published && activation.group() != null;
      }
      return hidden;
    }

    private boolean isApprover(Approval approval, Collection<Activation> activations) {
      return ApproverFacts.isApprover(
          approval.approver(), activations, escalation.service().rules.approverNames());
    }

    private String words(Approval approval, ApprovalStanding standing) {
      ApprovalStatement statement = approval.statement();
      String who = "the approval by " + approval.approver();
      String unverified = "the approval in the name of " + approval.approver();
      return switch (standing) {
        case USED -> who + " was good for " + count(statement) + " made before";
        case WITHDRAWN -> who + " was withdrawn";
        case EXPIRED -> who + " ended at " + statement.until();
        case NOT_YET_VALID -> who + " begins at " + statement.from();
        case TOO_LONG ->
            who
                + " is for "
                + count(statement)
                + " within "
                + statement.window().toSeconds()
                + " s, more than the verifier allows";
        case NOT_COUNTED ->
            who + " is for " + count(statement) + ", and the verifier cannot count them";
        case UNKNOWN_KEY -> approval.approver() + " is no approver of this call";
        case MISMATCH ->
            statement.audiences().contains(escalation.service().audience())
                ? unverified + " is for another call or token: it " + statement.words()
                : unverified
                    + " is for another service: "
                    + String.join(", ", statement.audiences());
        case EARLIER_HOLDER -> unverified + " is for an earlier holder";
        case COUNTS -> who + " counts";
      };
    }

    private static String count(ApprovalStatement statement) {
      int uses = statement.uses().orElse(0);
      return uses == 1 ? "one call" : uses + " calls";
    }

    /** True if only the service's requirement is missing, and the approval is for a grant's. */
    private boolean isForAGrant(Approval approval) {
      return missing.missing().isEmpty()
          && escalation.chain().namesApprover(approval.approver().toString(), facts);
    }

    /** The diagnosis that is nearer to what is missing; the other one if one of them is null. */
    private static @Nullable ActivationDiagnosis nearer(
        @Nullable ActivationDiagnosis a, @Nullable ActivationDiagnosis b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      return distance(b.code) < distance(a.code) ? b : a;
    }

    private static int distance(DenialCode code) {
      return switch (code) {
        case JUSTIFICATION_EXPIRED -> 0;
        case JUSTIFICATION_NOT_YET_VALID -> 1;
        case JUSTIFICATION_TOO_LONG -> 2;
        default -> 3;
      };
    }

    private ActivationDiagnosis found(DenialCode code, String reason) {
      return new ActivationDiagnosis(missing, code, reason, reason);
    }
  }
}
