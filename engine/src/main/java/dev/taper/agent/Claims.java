package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.ApprovalUses;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an allowed call takes from the memories that all calls share: the nonce of its proof, then
 * the counted approvals that it needs. Nothing is taken before everything else allowed the call, so
 * refused calls fill no memory. For one call and one thread.
 */
final class Claims {
  /**
   * The memories in which every call claims what it uses; a proof knows its own.
   *
   * @param approvals how often counted approvals were used
   * @param budgets where budgets are counted
   */
  record Memories(ApprovalUses approvals, Spending.Accounts budgets) {
    Memories with(IssuerNames names) {
      return new Memories(approvals, new Spending.Accounts(budgets.stores(), names));
    }
  }

  private final Memories memories;
  private final DelegationChain chain;
  private final boolean looks;
  private final Spending spending;
  private Proof.@Nullable Checked proof;
  private boolean nonceIsClaimed;
  private Set<ApprovalUses.Use> claimed = Set.of();

  /**
   * Prepares the claims; nothing is claimed yet.
   *
   * @param memories where to claim
   * @param chain the verified chain, whose share is used
   */
  Claims(Memories memories, DelegationChain chain) {
    this(memories, chain, false);
  }

  private Claims(Memories memories, DelegationChain chain, boolean looks) {
    this.memories = memories;
    this.chain = chain;
    this.looks = looks;
    this.spending = new Spending(memories.budgets, chain);
  }

  /** Claims that only look whether they would succeed, as far as that is known without claiming. */
  static Claims looking(Memories memories, DelegationChain chain) {
    return new Claims(memories, chain, true);
  }

  /** Takes note of the holder's proof, which is to be claimed. */
  void proof(Proof.Checked good) {
    proof = good;
  }

  /**
   * Claims the nonce of the proof, if there is one; only the first time.
   *
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}, {@link
   *     ErrorCode#HOLDER_PROOF_EXPIRED}, {@link ErrorCode#REPLAY_CACHE_FULL} or {@link
   *     ErrorCode#REPLAY_CACHE_UNAVAILABLE}
   */
  void nonce() {
    if (proof != null && !nonceIsClaimed && !looks) {
      proof.claim(chain.memoryShare());
      nonceIsClaimed = true;
    }
  }

  /**
   * Reserves what the call takes from budgets; only the first time.
   *
   * @throws Spending.Refusal if a budget refuses
   * @throws TaperException {@link ErrorCode#BUDGET_UNAVAILABLE}
   */
  void budgets(ToolCall call, Instant now) {
    if (looks) {
      spending.look(call, now);
    } else {
      spending.charge(call, now);
    }
  }

  /** What is left of the budgets that the call would charge; none of those that cannot be asked. */
  List<CallPreview.BudgetLeft> left(ToolCall call, Instant now) {
    return spending.left(call, now);
  }

  /** The counters of budgets that were charged. */
  List<String> counters() {
    return spending.counters();
  }

  /**
   * Claims one use of each approval: of all of them, or of none if one has no use left.
   *
   * @param now the time of the decision
   * @return those that had no use left; empty if all of them are claimed now
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} or {@link
   *     ErrorCode#APPROVAL_USES_UNAVAILABLE}
   */
  Set<ApprovalUses.Use> approvals(List<Approval> needed, Instant now) {
    Set<ApprovalUses.Use> wanted = new LinkedHashSet<>();
    needed.forEach(approval -> wanted.add(approval.use()));
    if (wanted.isEmpty() || looks) {
      return Set.of();
    }
    Set<ApprovalUses.Use> before;
    try {
      before = memories.approvals.claim(wanted, chain.memoryShare(), now);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.APPROVAL_USES_FULL ? e : unavailable(e);
    } catch (RuntimeException e) {
      throw unavailable(e);
    }
    if (!wanted.containsAll(before)) {
      throw unavailable(null);
    }
    if (before.isEmpty()) {
      claimed = wanted;
    }
    return before;
  }

  /**
   * Gives budgets and approvals back, for a call that is not made after all; the nonce stays used.
   */
  void release() {
    spending.giveBack();
    if (claimed.isEmpty()) {
      return;
    }
    try {
      memories.approvals.release(claimed);
    } catch (RuntimeException e) {
      // They stay used: that costs somebody an approval, and never lets one count twice.
    }
    claimed = Set.of();
  }

  private static TaperException unavailable(@Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "whether the approval was used before cannot be found out",
        cause);
  }
}
