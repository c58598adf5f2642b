package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.escalation.Approval;
import dev.taper.agent.escalation.ApprovalUse;
import dev.taper.agent.escalation.ApprovalUses;
import dev.taper.authorizer.Decision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Spends single-use approvals on a call that is refused without them: as few as will do, the
 * earliest first, and none if they will not do. A token has at most as many as it has blocks, and
 * each costs one evaluation more.
 */
final class SingleUse {
  /**
   * What was spent.
   *
   * @param approvals the approvals
   * @param decision what was decided with them: the call is allowed
   */
  record Spent(List<Approval> approvals, Decision decision) {}

  private final Escalation escalation;
  private final ApprovalUses uses;
  private final Function<List<Approval>, Decision> evaluate;

  /**
   * Prepares.
   *
   * @param escalation has the approvals, and is told which of them were used before
   * @param uses remembers
   * @param evaluate decides with some of the approvals
   */
  SingleUse(Escalation escalation, ApprovalUses uses, Function<List<Approval>, Decision> evaluate) {
    this.escalation = escalation;
    this.uses = uses;
    this.evaluate = evaluate;
  }

  /**
   * Spends what is needed.
   *
   * @return what was spent; null if nothing was, and the call is refused
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} or {@link
   *     ErrorCode#APPROVAL_USES_UNAVAILABLE}, or an error of the evaluation
   */
  @Nullable Spent spend() {
    while (!escalation.once().isEmpty()) {
      Spent fewest = fewest();
      if (fewest == null) {
        return null;
      }
      Set<ApprovalUse> before = claim(fewest.approvals());
      if (before.isEmpty()) {
        return fewest;
      }
      for (Approval approval : fewest.approvals()) {
        if (before.contains(approval.use())) {
          escalation.used(approval);
        }
      }
    }
    return null;
  }

  private @Nullable Spent fewest() {
    List<Approval> needed = new ArrayList<>(escalation.once());
    Decision decision = evaluate.apply(needed);
    if (!decision.allowed()) {
      return null;
    }
    for (int i = needed.size() - 1; i >= 0; i--) {
      Approval dropped = needed.remove(i);
      Decision without = evaluate.apply(needed);
      if (without.allowed()) {
        decision = without;
      } else {
        needed.add(i, dropped);
      }
    }
    return new Spent(List.copyOf(needed), decision);
  }

  private Set<ApprovalUse> claim(List<Approval> needed) {
    Set<ApprovalUse> wanted = new LinkedHashSet<>();
    needed.forEach(approval -> wanted.add(approval.use()));
    Set<ApprovalUse> before;
    try {
      before = uses.claim(wanted);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.APPROVAL_USES_FULL ? e : unavailable(e);
    } catch (RuntimeException e) {
      throw unavailable(e);
    }
    if (!wanted.containsAll(before)) {
      throw unavailable(null);
    }
    return before;
  }

  private static TaperException unavailable(@Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "whether the approval was used before cannot be found out",
        cause);
  }
}
