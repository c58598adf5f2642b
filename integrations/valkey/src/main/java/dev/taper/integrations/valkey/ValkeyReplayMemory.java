package dev.taper.integrations.valkey;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers used proofs in a store, and takes all that a call needs in one step. A use is kept for
 * two minutes after the proof's end.
 */
final class ValkeyReplayMemory implements ReplayMemory.Joined {
  private final StoreClaims claims;
  private final Budgets budgets;
  private final ApprovalUses approvals;

  ValkeyReplayMemory(StoreClaims claims) {
    this.claims = claims;
    this.budgets = new ValkeyBudgets(claims);
    this.approvals = new ValkeyApprovalUses(claims);
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
  public ReplayMemory.Joined.Answer take(
      ReplayMemory.@Nullable Use proof,
      List<Budgets.Charge> charges,
      Collection<ApprovalUses.Use> uses,
      MemoryShare share,
      Instant now) {
    return claims.take(proof, charges, uses, share, now);
  }

  @Override
  public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
    return StoreClaims.asked(
        ErrorCode.REPLAY_CACHE_UNAVAILABLE,
        "whether a proof was used before is not known",
        () -> !claims.take(use, List.of(), List.of(), share, now).replayed());
  }

  @Override
  public @Nullable Fill fill() {
    return claims.fill(ValkeyStore.Memory.PROOFS);
  }
}
