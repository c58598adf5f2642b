package dev.taper.agent;

import dev.taper.agent.escalation.Approval;
import dev.taper.agent.escalation.Justification;
import dev.taper.agent.escalation.Statement;
import dev.taper.agent.grant.ApprovedBy;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.Justified;
import dev.taper.agent.grant.Requirement;
import dev.taper.agent.request.Presentation;
import dev.taper.agent.request.RequestFacts;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.FailedCheck;
import dev.taper.authorizer.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was refused for nothing but what its grants require: what is missing first, and what
 * is wrong with what is there instead.
 *
 * @param dormant the grant that would cover the call
 * @param code what is wrong
 * @param reason the same in a sentence
 */
record Dormancy(Dormant dormant, DenialCode code, String reason) {
  /** Null if the refusal has another reason, or another one as well. */
  static @Nullable Dormancy of(Decision decision, RequestFacts facts, Escalation escalation) {
    if (decision.outcome() != Outcome.CHECK_FAILED) {
      return null;
    }
    Dormant first = null;
    for (FailedCheck failed : decision.failedChecks()) {
      Grant grant = failed.block().isEmpty() ? null : dormant(failed, facts);
      if (grant == null) {
        return null;
      }
      if (first == null) {
        List<Requirement> missing = missing(grant, facts);
        DelegationHop hop = escalation.chain().hops().get(failed.block().orElseThrow());
        first = new Dormant(hop, grant, missing);
      }
    }
    return first == null ? null : new Diagnosis(first, escalation).find();
  }

  /** The grant of a check that requires the least more of those that cover the call, or null. */
  static @Nullable Grant dormant(FailedCheck failed, RequestFacts facts) {
    Grant best = null;
    if (Caveat.of(failed.check()) instanceof Grants grants) {
      for (Grant grant : grants.alternatives()) {
        if (grant.covers(facts)
            && (best == null || missing(grant, facts).size() < missing(best, facts).size())) {
          best = grant;
        }
      }
    }
    return best;
  }

  private static List<Requirement> missing(Grant grant, RequestFacts facts) {
    List<Requirement> missing = new ArrayList<>();
    for (Requirement requirement : grant.requirements()) {
      if (!requirement.isMet(facts)) {
        missing.add(requirement);
      }
    }
    return missing;
  }

  /** Looks for what comes nearest to the first thing that is missing. */
  private record Diagnosis(Dormant dormant, Escalation escalation) {
    Dormancy find() {
      Requirement missing = dormant.missing().get(0);
      if (escalation.chain().presentation() != Presentation.HELD) {
        DenialCode code =
            missing instanceof Justified
                ? DenialCode.JUSTIFICATION_REQUIRED
                : DenialCode.APPROVAL_REQUIRED;
        return found(code, "only a holder who proves the call can wake a dormant grant");
      }
      return missing instanceof Justified justified
          ? justification(justified)
          : approval((ApprovedBy) missing);
    }

    private Dormancy justification(Justified justified) {
      Dormancy best = null;
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

    private Dormancy justification(Justification j, Justified justified) {
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
          justified.within() != null && justified.within().compareTo(escalation.rules().longestJustification()) < 0;
      return found(
          DenialCode.JUSTIFICATION_TOO_LONG,
          "the justification is for "
              + j.window().toSeconds()
              + " s, more than "
              + (isGrants ? "the grant" : "the verifier")
              + " allows");
    }

    private Dormancy approval(ApprovedBy approved) {
      Dormancy best = null;
      for (Statement statement : escalation.chain().statements()) {
        if (statement instanceof Approval a) {
          best = nearer(best, approval(a, approved));
        }
      }
      for (String approver : approved.approvers()) {
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
      return best != null ? best : found(DenialCode.APPROVAL_REQUIRED, "it has to be " + approved);
    }

    /** What is wrong with an approval; null if it counts. */
    private @Nullable Dormancy approval(Approval a, ApprovedBy approved) {
      String who = "the approval by " + a.approver();
      if (!escalation.covers(a)) {
        boolean isHere = a.audiences().contains(escalation.rules().audience());
        return found(
            DenialCode.APPROVAL_MISMATCH,
            isHere
                ? who + " is for another call: " + a.scope()
                : who + " is for another service: " + String.join(", ", a.audiences()));
      }
      if (!approved.approvers().contains(a.approver().toString())) {
        return found(
            DenialCode.APPROVAL_UNKNOWN_KEY, a.approver() + " is no approver of this grant");
      }
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

    /** Codes stand in the order of how much is missing, but for those that say that all is. */
    private static @Nullable Dormancy nearer(@Nullable Dormancy a, @Nullable Dormancy b) {
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

    private Dormancy found(DenialCode code, String reason) {
      return new Dormancy(dormant, code, reason);
    }
  }
}
