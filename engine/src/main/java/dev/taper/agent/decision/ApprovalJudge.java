package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which of the approvals that came with a token are for this holder, service and call. Only
 * their signatures are verified, so that nobody makes a service work for approvals that could not
 * count. For one call and one thread, after the holder's proof.
 */
final class ApprovalJudge {
  private final DelegationChain chain;
  private final ToolCall call;
  private final String audience;
  private @Nullable String meaning;

  ApprovalJudge(DelegationChain chain, ToolCall call, String audience) {
    this.chain = chain;
    this.call = call;
    this.audience = audience;
  }

  /**
   * Judges approvals, whatever the time is.
   *
   * @return all of them, the earliest first
   * @throws TaperException {@link ErrorCode#INVALID_SIGNATURE} if one that fits is not signed by
   *     its approver
   */
  List<JudgedApproval> judge(List<Approval> sent) {
    List<JudgedApproval> judged = new ArrayList<>();
    for (Approval approval : sent) {
      ApprovalStanding standing = standing(approval.statement());
      if (standing == ApprovalStanding.COUNTS && !approval.isSigned()) {
        throw new TaperException(
            ErrorCode.INVALID_SIGNATURE, "an approval is not signed by its approver");
      }
      judged.add(new JudgedApproval(approval, standing));
    }
    judged.sort(JudgedApproval.EARLIEST_FIRST);
    return judged;
  }

  private ApprovalStanding standing(ApprovalStatement statement) {
    int behind = hopsBehind(statement.state());
    if (behind > 0 && !statement.isOnward()) {
      return ApprovalStanding.EARLIER_HOLDER;
    }
    return behind >= 0 && statement.audiences().contains(audience) && covers(statement)
        ? ApprovalStanding.COUNTS
        : ApprovalStanding.MISMATCH;
  }

  /** How many hops came after a state of this token; negative if it is none of this token. */
  private int hopsBehind(String state) {
    List<ApprovalStatement.State> states = chain.states();
    for (int i = states.size() - 1; i >= 0; i--) {
      if (states.get(i).digest().equals(state)) {
        return states.size() - 1 - i;
      }
    }
    return -1;
  }

  private boolean covers(ApprovalStatement statement) {
    return statement.meaning() == null
        ? statement.covers(call)
        : statement.meaning().equals(meaning());
  }

  /** The digest of the call, worked out once for all approvals. */
  private String meaning() {
    String known = meaning;
    if (known == null) {
      known = HexFormat.of().formatHex(call.digest());
      meaning = known;
    }
    return known;
  }
}
