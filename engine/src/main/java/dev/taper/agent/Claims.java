package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
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
  /**
   * The memories in which every call claims what it uses; a proof knows its own.
   *
   * @param approvals how often counted approvals were used
   * @param budgets where budgets are counted
   * @param joined the store that all memories of the verifier are of; null if they are not of one
   *     that takes a call in one step
   * @param alone takes proofs that the shared replay memory was not asked about; null if none are
   */
  record Memories(
      ApprovalUses approvals,
      Spending.Accounts budgets,
      ReplayMemory.@Nullable Joined joined,
      @Nullable ProofsAlone alone) {
    /**
     * The memories of a verifier.
     *
     * @param replays its replay memory, behind which what may wait is asked
     */
    static Memories of(VerifierBuilder b, ReplayMemory replays, Behind behind) {
      return new Memories(
          b.approvalUses == null ? ApprovalUses.inMemory() : behind.uses(b.approvalUses),
          new Spending.Accounts(behind.budgets(b.budgets), b.issuerNames),
          areJoined(b) ? (ReplayMemory.Joined) replays : null,
          alone(b, replays));
    }

    private static @Nullable ProofsAlone alone(VerifierBuilder b, ReplayMemory replays) {
      if (b.proofsAlone == null) {
        return null;
      }
      if (!replays.mayWait()) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "the verifier has no replay memory that could fail to answer, for which to do without");
      }
      return new ProofsAlone(replays, b.proofsAlone, b.ticker);
    }

    /** True if everything that calls of the verifier claim is kept in one joined store. */
    private static boolean areJoined(VerifierBuilder b) {
      if (!(b.replayMemory instanceof ReplayMemory.Joined store)) {
        return false;
      }
      boolean joinsApprovals =
          b.approvalUses == null ? !b.usesAreForgotten : b.approvalUses == store.approvalUses();
      return joinsApprovals
          && b.budgets.size() <= 1
          && b.budgets.values().stream().allMatch(budgets -> budgets == store.budgets());
    }

    Memories with(IssuerNames names) {
      return new Memories(approvals, new Spending.Accounts(budgets.stores(), names), joined, alone);
    }
  }

  private final Memories memories;
  private final DelegationChain chain;
  private final boolean looks;
  private final Spending spending;
  private Proof.@Nullable Checked proof;
  private boolean nonceIsClaimed;
  private boolean nonceIsUnshared;
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
  Set<ApprovalUses.Use> take(ToolCall call, List<Approval> needed, Instant now) {
    if (looks) {
      if (chain.spends()) {
        spending.look(call, now);
      }
      return Set.of();
    }
    Set<ApprovalUses.Use> wanted = new LinkedHashSet<>();
    needed.forEach(approval -> wanted.add(approval.use()));
    ReplayMemory.Joined joined = memories.joined;
    List<Budgets.Charge> charges =
        joined == null || !chain.spends() ? List.of() : spending.chargesOfOneStore(call);
    if (joined != null && charges != null && steps(charges, wanted) > 1) {
      return inOneStep(
          new OneStep(memories, joined, charges, wanted, chain.memoryShare(), now), call);
    }
    nonce(now);
    if (chain.spends()) {
      spending.charge(call, now);
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
    if (proof != null && !nonceIsClaimed) {
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

  private Set<ApprovalUses.Use> inOneStep(OneStep step, ToolCall call) {
    ReplayMemory.Joined.Answer answer =
        proof == null || nonceIsClaimed ? step.take(null) : proof.claim(step.share, step::take);
    nonceIsClaimed = true;
    Budgets.Answer budgets = answer.budgets();
    if (budgets != null) {
      spending.settle(call, budgets);
    }
    if (answer.usedUp().isEmpty()) {
      claimed = step.wanted;
    }
    return answer.usedUp();
  }

  /** Asks a joined store, and says of its failures what the first memory would have said. */
  private record OneStep(
      Memories memories,
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

  /** What is left of the budgets that the call would charge; none of those that cannot be asked. */
  List<CallPreview.BudgetLeft> left(ToolCall call, Instant now) {
    return spending.left(call, now);
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
      before = memories.approvals.claim(wanted, chain.memoryShare(), now);
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
