package dev.taper.agent.decision;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.names.ApproverNames;
import dev.taper.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier would decide about a call if the token's holder made it now. It is no decision,
 * so that nobody takes it for a permission: no proof was asked for, nothing was claimed or
 * recorded, and a moment later the answer may be another. Immutable and thread-safe.
 *
 * <p>As a decision, it has texts for the caller and for the service's operator. Whoever reads the
 * caller's text has to be the token's holder: across a network that takes a proof, as {@link
 * Verifier#offer} has one.
 */
public final class CallPreview {
  private final CallDecision decision;
  private final List<BudgetLeft> budgets;
  private final List<String> approvals;
  private final ApproverNames names;

  CallPreview(
      CallDecision decision,
      List<BudgetLeft> budgets,
      List<String> approvals,
      ApproverNames names) {
    this.decision = decision;
    this.budgets = List.copyOf(budgets);
    this.approvals = List.copyOf(approvals);
    this.names = names;
  }

  /** True if nothing but a proof was missing. */
  public boolean wouldBeAllowed() {
    return decision.allowed();
  }

  /**
   * Why the call would be denied; null if it would not. {@link Denied#missingActivation} has the
   * approvals that it lacks.
   */
  public @Nullable Denied denial() {
    return decision instanceof Denied denied ? denied : null;
  }

  /** The call. */
  public ToolCall call() {
    return decision.call();
  }

  /** Who gave what to whom. */
  public DelegationChain chain() {
    return decision.chain();
  }

  /**
   * The names of the approvals that it would rest on: the approver's key, a space, the id in hex.
   */
  public List<String> approvals() {
    return approvals;
  }

  /**
   * True if the call lacks approvals, and a key is that of an approver: a grant or a policy names
   * it, or a group that the person with the key is in. For the service, which decides whether it
   * keeps an approval: by its policies an approver may be the service's secret.
   */
  public boolean isApprover(PublicKey key) {
    Denied denied = denial();
    MissingActivation missing = denied == null ? null : denied.missingActivation();
    if (missing == null || !missing.isApprovalMissing()) {
      return false;
    }
    return ApproverFacts.isApprover(key, missing.shown(true), names)
        || chain().namesApprover(key.toString(), call().facts());
  }

  /** Whose part of a shared memory takes what is kept for the token's holder. */
  public MemoryShare memoryShare() {
    return decision.chain().memoryShare();
  }

  /** What is left of the budgets that the call would charge. For the operator. */
  public List<BudgetLeft> operatorBudgets() {
    return budgets;
  }

  /** The answer for the caller, a few lines. */
  public String explanation() {
    return "WOULD BE " + decision.explanation();
  }

  /** The answer for the service's operator, a few lines: policies, facts, values and budgets. */
  public String operatorExplanation() {
    StringBuilder out = new StringBuilder("WOULD BE ").append(decision.operatorExplanation());
    budgets.forEach(budget -> out.append("\n  budget, ").append(budget));
    return out.toString();
  }

  /** What would be decided, for logs, in one line: names, and no argument's value. */
  @Override
  public String toString() {
    return "would be " + decision;
  }

  /**
   * What is left of a budget that a call would charge, for the service's operator. Immutable and
   * thread-safe.
   *
   * @param hop whose budget it is
   * @param store where it is counted
   * @param limit the most that it allows, in calls or in millionths of its unit
   * @param left how much of that is left, at the moment of asking
   */
  public record BudgetLeft(DelegationHop hop, String store, long limit, long left) {
    /**
     * Names, and the amounts in words; as they are counted where the hop does not tell the unit.
     */
    @Override
    public String toString() {
      return "hop "
          + hop.block()
          + ": "
          + shown(left)
          + " of "
          + shown(limit)
          + " left in "
          + store;
    }

    private String shown(long amount) {
      List<String> units =
          hop.budgets().stream()
              .filter(budget -> budget.store().equals(store) && budget.limit() == limit)
              .map(budget -> budget.amount(amount))
              .distinct()
              .toList();
      return units.size() == 1 ? units.get(0) : Long.toString(amount);
    }
  }
}
