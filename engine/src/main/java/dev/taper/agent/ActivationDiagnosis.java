package dev.taper.agent;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.approval.Refusal;
import dev.taper.agent.approval.Statement;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.grant.Activation;
import dev.taper.token.TokenKind;
import java.util.Collection;
import java.util.LinkedHashSet;
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
   * @param missing what is missing
   * @param facts what is known of the call
   * @param escalation what approvals and justifications say of it
   * @param published true if the caller may know whom the service's policies name
   */
  static ActivationDiagnosis of(
      MissingActivation missing, CallFacts facts, Escalation escalation, boolean published) {
    return new Diagnosis(missing, facts, escalation, published).find();
  }

  private record Diagnosis(
      MissingActivation missing, CallFacts facts, Escalation escalation, boolean published) {
    ActivationDiagnosis find() {
      Activation first = missing.shown(true).get(0);
      if (escalation.chain().kind() != TokenKind.HELD) {
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
      for (Statement statement : escalation.chain().statements()) {
        if (statement instanceof Justification j) {
          best = nearer(best, justification(j, justified));
        }
      }
      for (Statement statement : escalation.chain().earlierStatements()) {
        if (best == null && statement instanceof Justification j) {
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
              && justified.within().compareTo(escalation.rules().longestJustification()) < 0;
      return found(
          DenialCode.JUSTIFICATION_TOO_LONG,
          "the justification is for "
              + j.window().toSeconds()
              + " s, more than "
              + (isGrants ? "the grant" : "the verifier")
              + " allows");
    }

    private ActivationDiagnosis approval() {
      ActivationDiagnosis best = null;
      for (Statement statement : escalation.chain().statements()) {
        if (statement instanceof Approval a) {
          best = nearer(best, approval(a));
        }
      }
      // Old refusals must not tell the holder of a key whether a policy names it.
      Collection<String> all = missing.isHidden(published) ? refusers() : missing.approvers();
      for (String approver : all) {
        if (escalation.isRefusedBy(approver)) {
          best = nearer(best, found(DenialCode.APPROVAL_REFUSED, approver + " refused the call"));
        }
      }
      for (Statement statement : escalation.chain().earlierStatements()) {
        if (best == null && statement instanceof Approval a) {
          best =
              found(
                  DenialCode.APPROVAL_FOR_EARLIER_HOLDER,
                  "the approval by " + a.approver() + " is for an earlier holder");
        }
      }
      return best != null ? best : nothing();
    }

    private Collection<String> refusers() {
      Set<String> keys = new LinkedHashSet<>();
      for (Statement statement : escalation.chain().statements()) {
        if (statement instanceof Refusal r) {
          keys.add(r.approver().toString());
        }
      }
      return keys;
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

    /** What is wrong with an approval; null if it counts, or is not about what is missing. */
    private @Nullable ActivationDiagnosis approval(Approval a) {
      String who = "the approval by " + a.approver();
      if (!escalation.covers(a)) {
        boolean isHere = a.audiences().contains(escalation.rules().audience());
        return found(
            DenialCode.APPROVAL_MISMATCH,
            isHere
                ? who + " is for another call: " + a.calls()
                : who + " is for another service: " + String.join(", ", a.audiences()));
      }
      boolean counts = missing.approvers().contains(a.approver().toString());
      if (counts || missing.isHidden(published)) {
        // Old approvals must not tell the holder of a key whether a policy names it.
        ActivationDiagnosis wrong = wrong(a, who);
        if (counts || wrong != null) {
          return wrong;
        }
      }
      return isForAGrant(a)
          ? null
          : found(DenialCode.APPROVAL_UNKNOWN_KEY, a.approver() + " is no approver of this call");
    }

    /** What is wrong with an approval by anyone; null if nothing. */
    private @Nullable ActivationDiagnosis wrong(Approval a, String who) {
      if (escalation.isUsed(a)) {
        return found(DenialCode.APPROVAL_USED, who + " was good for one call, which was made");
      }
      if (!escalation.now().isBefore(a.until())) {
        return found(DenialCode.APPROVAL_EXPIRED, who + " ended at " + a.until());
      }
      if (!escalation.hasBegun(a.from())) {
        return found(DenialCode.APPROVAL_NOT_YET_VALID, who + " begins at " + a.from());
      }
      if (escalation.isTooLong(a)) {
        return found(
            DenialCode.APPROVAL_TOO_LONG,
            who
                + " is for one call within "
                + a.window().toSeconds()
                + " s, more than the verifier allows");
      }
      return null;
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
        case APPROVAL_USED, JUSTIFICATION_EXPIRED -> 0;
        case APPROVAL_REFUSED, JUSTIFICATION_NOT_YET_VALID -> 1;
        case APPROVAL_EXPIRED, JUSTIFICATION_TOO_LONG -> 2;
        case APPROVAL_NOT_YET_VALID -> 3;
        case APPROVAL_TOO_LONG -> 4;
        case APPROVAL_UNKNOWN_KEY -> 5;
        default -> 6;
      };
    }

    private ActivationDiagnosis found(DenialCode code, String reason) {
      return new ActivationDiagnosis(missing, code, reason, reason);
    }
  }
}
