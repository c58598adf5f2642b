package dev.taper.agent;

import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.authorizer.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Spends counted approvals on a call that is refused without them: as few as will do, the earliest
 * first, and none if they will not do. Few come with a token, and each costs one more evaluation.
 *
 * <p>The present holder's own blocks cannot ask for an approval that has to be remembered: without
 * those blocks, the call would be allowed as well. So approvals that nobody else asks for are not
 * claimed, and a holder that names itself as approver fills no memory.
 */
final class CountedApprovals {
  /**
   * What was spent.
   *
   * @param approvals the approvals
   * @param decision what was decided with them: the call is allowed
   */
  record Spent(List<Approval> approvals, Decision decision) {}

  /** Takes what the call uses up, with some of the approvals; answers which were used up before. */
  interface Taking extends Function<List<Approval>, Set<ApprovalUses.Use>> {}

  /** Decides with some of the approvals. */
  interface Evaluation extends Function<List<Approval>, Decision> {}

  private final Escalation escalation;
  private final Taking taking;
  private final Evaluation evaluation;
  private final Evaluation withoutOwnBlocks;

  /**
   * Prepares to spend approvals.
   *
   * @param escalation has the approvals, and is told which of them are used up
   * @param taking takes what the call uses up
   * @param evaluation decides about the call
   * @param withoutOwnBlocks decides what would be without the blocks that the present holder added
   */
  CountedApprovals(
      Escalation escalation, Taking taking, Evaluation evaluation, Evaluation withoutOwnBlocks) {
    this.escalation = escalation;
    this.taking = taking;
    this.evaluation = evaluation;
    this.withoutOwnBlocks = withoutOwnBlocks;
  }

  /**
   * Spends what is needed. An approval whose last use another call got first is left out, so there
   * are at most as many attempts as approvals, and one more.
   *
   * @return what was spent; null if nothing was, and the call is refused
   * @throws TaperException as {@link Claims#take}, or an error of the evaluation
   */
  @Nullable Spent spend() {
    while (!escalation.counted().isEmpty()) {
      Spent fewest = fewest(escalation.counted(), evaluation);
      if (fewest == null) {
        return null;
      }
      List<Approval> owed = owed(fewest.approvals());
      Set<ApprovalUses.Use> before = taking.apply(owed);
      if (before.isEmpty()) {
        return fewest;
      }
      before.forEach(escalation::used);
    }
    return null;
  }

  /** The needed approvals that somebody other than the present holder asks for. */
  private List<Approval> owed(List<Approval> needed) {
    if (!escalation.chain().isNarrowedByHolder()) {
      return needed;
    }
    Spent forOthers;
    try {
      forOthers = fewest(needed, withoutOwnBlocks);
    } catch (TaperException e) {
      return needed; // what cannot be told apart is claimed
    }
    return forOthers == null ? needed : forOthers.approvals();
  }

  private static @Nullable Spent fewest(List<Approval> some, Evaluation evaluation) {
    List<Approval> needed = new ArrayList<>(some);
    Decision decision = evaluation.apply(needed);
    if (!decision.allowed()) {
      return null;
    }
    for (int i = needed.size() - 1; i >= 0; i--) {
      Approval dropped = needed.remove(i);
      Decision without = evaluation.apply(needed);
      if (without.allowed()) {
        decision = without;
      } else {
        needed.add(i, dropped);
      }
    }
    return new Spent(List.copyOf(needed), decision);
  }
}
