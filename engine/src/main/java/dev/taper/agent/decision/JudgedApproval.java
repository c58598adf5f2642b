package dev.taper.agent.decision;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalStatement;
import java.util.Comparator;

/** An approval that came with a token, and what it is worth for one call. For one thread. */
final class JudgedApproval {
  /** The earliest first; nobody chooses the order by the order of sending. */
  static final Comparator<JudgedApproval> EARLIEST_FIRST =
      Comparator.comparing((JudgedApproval one) -> one.statement().from())
          .thenComparing(one -> one.statement().id())
          .thenComparing(one -> one.approval.approver().toString());

  private final Approval approval;
  private ApprovalStanding standing;

  JudgedApproval(Approval approval, ApprovalStanding standing) {
    this.approval = approval;
    this.standing = standing;
  }

  Approval approval() {
    return approval;
  }

  ApprovalStatement statement() {
    return approval.statement();
  }

  ApprovalStanding standing() {
    return standing;
  }

  /** Notes what speaks against it. */
  void standing(ApprovalStanding worse) {
    standing = worse;
  }

  boolean counts() {
    return standing == ApprovalStanding.COUNTS;
  }
}
