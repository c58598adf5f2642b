package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an allowed call takes from the memories that all calls share: the nonce of its proof, then
 * the single-use approvals that it needs. Nothing is taken before everything else allowed the call,
 * so refused calls fill no memory. For one call and one thread.
 */
final class Claims {
  private final ApprovalUses uses;
  private final DelegationChain chain;
  private Proof.@Nullable Checked proof;
  private boolean nonceIsClaimed;
  private Set<ApprovalUse> claimed = Set.of();

  /**
   * Prepares the claims; nothing is claimed yet.
   *
   * @param uses where to claim approvals; a proof knows its own memory
   * @param chain the verified chain, whose share is used
   */
  Claims(ApprovalUses uses, DelegationChain chain) {
    this.uses = uses;
    this.chain = chain;
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
    if (proof != null && !nonceIsClaimed) {
      proof.claim(chain.memoryShare());
      nonceIsClaimed = true;
    }
  }

  /**
   * Claims approvals: all of them, or none if one was used before.
   *
   * @param now the time of the decision
   * @return those that were used before; empty if all of them are claimed now
   * @throws TaperException {@link ErrorCode#APPROVAL_USES_FULL} or {@link
   *     ErrorCode#APPROVAL_USES_UNAVAILABLE}
   */
  Set<ApprovalUse> approvals(List<Approval> needed, Instant now) {
    Set<ApprovalUse> wanted = new LinkedHashSet<>();
    needed.forEach(approval -> wanted.add(approval.use()));
    if (wanted.isEmpty()) {
      return wanted;
    }
    Set<ApprovalUse> before;
    try {
      before = uses.claim(wanted, chain.memoryShare(), now);
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

  /** Gives the approvals back, for a call that is not made after all; the nonce stays used. */
  void release() {
    if (claimed.isEmpty()) {
      return;
    }
    try {
      uses.release(claimed);
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
