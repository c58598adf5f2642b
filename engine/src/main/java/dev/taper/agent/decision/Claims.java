package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
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
  private final Service.Shared memories;
  private final DelegationChain chain;
  private final boolean looks;
  private final Spending spending;
  private final Proof.@Nullable Checked proof;
  private boolean nonceIsClaimed;
  private boolean nonceIsUnshared;
  private Set<ApprovalUses.Use> claimed = Set.of();

  /**
   * Prepares the claims; nothing is claimed yet.
   *
   * @param chain the verified chain, whose share is used
   * @param proof the holder's proof; null if the call needs none
   * @param looks whether they only look if they would succeed, as far as that is known without
   *     claiming
   */
  Claims(
      Service service,
      DelegationChain chain,
      ToolCall call,
      Proof.@Nullable Checked proof,
      boolean looks) {
    this.memories = service.shared;
    this.chain = chain;
    this.proof = proof;
    this.looks = looks;
    this.spending = Spending.of(service, chain, call);
  }

  /**
   * Takes what the call uses up: the nonce of its proof, only the first time; then what it takes
   * from budgets; then one use of each approval, of all of them or of none if one has no use left.
   * A joined store does all of that in one step.
   *
   * @param needed the counted approvals that it needs
   * @param now the time of the decision
   * @return the approvals that had no use left; empty if everything is taken now
   * @throws Spending.Refusal if a budget refuses
   * @throws TaperException {@link ErrorCode#HOLDER_PROOF_REPLAYED}, {@link
   *     ErrorCode#HOLDER_PROOF_EXPIRED}, or the code of the memory that is full or not available
   */
  Set<ApprovalUses.Use> take(List<Approval> needed, Instant now) {
    if (looks) {
      if (chain.spends()) {
        spending.look(now);
      }
      return Set.of();
    }
    Set<ApprovalUses.Use> wanted = new LinkedHashSet<>();
    needed.forEach(approval -> wanted.add(approval.use()));
    ReplayMemory.Joined joined = memories.joined;
    List<Budgets.Charge> charges =
        joined == null || !chain.spends() ? List.of() : spending.chargesOfOneStore();
    if (joined != null && charges != null && steps(charges, wanted) > 1) {
      return inOneStep(new OneStep(memories, joined, charges, wanted, chain.memoryShare(), now));
    }
    nonce(now);
    if (chain.spends()) {
      spending.charge(now);
    }
    return approvals(wanted, now);
  }

  /** How many memories would be asked. */
  private int steps(List<Budgets.Charge> charges, Set<ApprovalUses.Use> wanted) {
    return (claimsNonce() ? 1 : 0) + (charges.isEmpty() ? 0 : 1) + (wanted.isEmpty() ? 0 : 1);
  }

  private boolean claimsNonce() {
    return proof != null && !nonceIsClaimed;
  }

  private void nonce(Instant now) {
    if (proof != null && claimsNonce()) {
      ProofsAlone alone = memories.alone;
      MemoryShare share = chain.memoryShare();
      if (alone == null) {
        proof.claim(share);
      } else {
        ReplayMemory.Joined.Answer unused = proof.claim(share, use -> ask(alone, use, share, now));
      }
      nonceIsClaimed = true;
    }
  }

  private ReplayMemory.Joined.Answer ask(
      ProofsAlone alone, ReplayMemory.Use use, MemoryShare share, Instant now) {
    ProofsAlone.Claimed claimed = alone.claim(use, share, now);
    nonceIsUnshared = claimed == ProofsAlone.Claimed.ALONE;
    return claimed == ProofsAlone.Claimed.REPLAYED
        ? ReplayMemory.Joined.Answer.ofReplay()
        : ReplayMemory.Joined.Answer.taken(null);
  }

  /** True if the shared replay memory was not asked about the proof, as it does not answer. */
  boolean isAlone() {
    return nonceIsUnshared;
  }

  private Set<ApprovalUses.Use> inOneStep(OneStep step) {
    ReplayMemory.Joined.Answer answer =
        proof == null || nonceIsClaimed ? step.take(null) : proof.claim(step.share, step::take);
    nonceIsClaimed = true;
    Budgets.Answer budgets = answer.budgets();
    if (budgets != null) {
      spending.settle(budgets);
    }
    if (answer.usedUp().isEmpty()) {
      claimed = step.wanted;
    }
    return answer.usedUp();
  }

  /** Asks a joined store, and says of its failures what the first memory would have said. */
  private record OneStep(
      Service.Shared memories,
      ReplayMemory.Joined joined,
      List<Budgets.Charge> charges,
      Set<ApprovalUses.Use> wanted,
      MemoryShare share,
      Instant now) {
    ReplayMemory.Joined.Answer take(ReplayMemory.@Nullable Use nonce) {
      ReplayMemory.Joined.Answer answer;
      ProofsAlone alone = nonce == null ? null : memories.alone;
      try {
        if (alone != null) {
          alone.tell(now);
        }
        answer = joined.take(nonce, charges, wanted, share, now);
        if (alone != null) {
          alone.answered();
        }
      } catch (RuntimeException e) {
        throw e instanceof TaperException known && isOwn(known.code(), nonce)
            ? known
            : unavailable(nonce, e);
      }
      if (!isToTheQuestion(answer, nonce)) {
        throw unavailable(nonce, null);
      }
      return answer;
    }

    /** True for a code that says by itself why nothing was taken. */
    private boolean isOwn(ErrorCode code, ReplayMemory.@Nullable Use nonce) {
      return switch (code) {
        case TIMEOUT -> true;
        case REPLAY_CACHE_FULL -> nonce != null;
        case BUDGETS_FULL -> !charges.isEmpty();
        case APPROVAL_USES_FULL -> !wanted.isEmpty();
        default -> false;
      };
    }

    private boolean isToTheQuestion(
        ReplayMemory.Joined.Answer answer, ReplayMemory.@Nullable Use nonce) {
      if (answer.replayed()) {
        return nonce != null;
      }
      if (!answer.usedUp().isEmpty()) {
        return answer.budgets() == null && wanted.containsAll(answer.usedUp());
      }
      return answer.budgets() instanceof Budgets.Exhausted exhausted
          ? exhausted.index() < charges.size()
          : (answer.budgets() == null) == charges.isEmpty();
    }

    private static TaperException unavailable(
        ReplayMemory.@Nullable Use nonce, @Nullable Throwable cause) {
      return nonce == null
          ? new TaperException(
              ErrorCode.BUDGET_UNAVAILABLE, "what is left of the budget cannot be found out", cause)
          : new TaperException(
              ErrorCode.REPLAY_CACHE_UNAVAILABLE,
              "whether the proof was used before cannot be found out",
              cause);
    }
  }

  /** The counters of budgets that were charged. */
  List<String> counters() {
    return spending.counters();
  }

  private Set<ApprovalUses.Use> approvals(Set<ApprovalUses.Use> wanted, Instant now) {
    if (wanted.isEmpty()) {
      return Set.of();
    }
    Set<ApprovalUses.Use> before;
    try {
      before = memories.approvalUses.claim(wanted, chain.memoryShare(), now);
    } catch (TaperException e) {
      throw e.code() == ErrorCode.APPROVAL_USES_FULL || Behind.isTimeout(e) ? e : unavailable(e);
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
      memories.approvalUses.release(claimed);
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
