package dev.taper.agent.decision;

import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came with a token.
 *
 * @param proof the holder's proof, or null
 * @param sent the approvals, as the proof covers them
 * @param approvals the same, decoded; their signatures are not verified yet
 * @param isQuestion true if nobody makes the call, so that nothing proves it
 * @param since when it came, as {@link Listeners#since} says it
 */
record Presented(
    @Nullable Proof proof,
    SentApprovals sent,
    List<Approval> approvals,
    boolean isQuestion,
    @Nullable Long since) {
  /**
   * Decodes the approvals.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#MALFORMED_APPROVAL}
   */
  static Presented of(@Nullable Proof proof, SentApprovals sent, @Nullable Long since) {
    return new Presented(proof, sent, decoded(sent), false, since);
  }

  /**
   * Decodes the approvals of a call that might be made.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#MALFORMED_APPROVAL}
   */
  static Presented asking(SentApprovals sent) {
    return new Presented(null, sent, decoded(sent), true, null);
  }

  private static List<Approval> decoded(SentApprovals sent) {
    return sent.isEmpty() ? List.of() : Approval.decode(sent);
  }
}
