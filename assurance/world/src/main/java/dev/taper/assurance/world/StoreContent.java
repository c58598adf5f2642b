package dev.taper.assurance.world;

import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds: the engine's own memories, in which one call takes all that it needs in one
 * step. For one thread.
 */
class StoreContent implements ReplayMemory.Joined {
  /** More than any plan fills. */
  private static final int ROOM = 1 << 14;

  private final ReplayMemory proofs;
  private final Budgets budgets;
  private final ApprovalUses approvals;

  /** An empty store. */
  StoreContent() {
    this(ReplayMemory.inMemory(), Budgets.forThisProcessOnly(ROOM), ApprovalUses.inMemory(ROOM));
  }

  StoreContent(ReplayMemory proofs, Budgets budgets, ApprovalUses approvals) {
    this.proofs = proofs;
    this.budgets = budgets;
    this.approvals = approvals;
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return proofs.claim(use, share, now);
  }

  @Override
  public Budgets budgets() {
    return budgets;
  }

  @Override
  public ApprovalUses approvalUses() {
    return approvals;
  }

  @Override
  public Answer take(
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> uses,
      MemoryShare share,
      Instant now) {
    if (proof != null && !claim(proof, share, now)) {
      return Answer.ofReplay();
    }
    Budgets.Answer charged = charges.isEmpty() ? null : budgets.charge(charges, share, now);
    if (charged instanceof Budgets.Exhausted exhausted) {
      return Answer.exhausted(exhausted);
    }
    Budgets.Charged taken = (Budgets.Charged) charged;
    Set<ApprovalUses.Use> before = uses.isEmpty() ? Set.of() : approvals.claim(uses, share, now);
    if (before.isEmpty()) {
      return Answer.taken(taken);
    }
    if (taken != null) {
      budgets.giveBack(taken);
    }
    return Answer.usedUp(before);
  }
}
