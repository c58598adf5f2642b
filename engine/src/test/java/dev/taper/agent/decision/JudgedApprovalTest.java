package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgedApprovalTest {
  private final Escalated e = new Escalated();

  /** Or who sends them would choose which of them are used up. */
  @Test
  void earliestFirst_approvalsOfOneMoment_areInOneOrderHoweverTheyAreSent() {
    AgentToken token = e.ifTwoApprove();
    List<JudgedApproval> sent = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Approval approval = e.approval(token, e.auditor);
      sent.add(new JudgedApproval(approval, ApprovalStanding.COUNTS));
      sent.add(new JudgedApproval(ofLawyer(approval), ApprovalStanding.COUNTS));
    }
    List<String> ordered = sent.stream().map(JudgedApprovalTest::text).sorted().toList();
    List<JudgedApproval> reversed = new ArrayList<>(sent);
    Collections.reverse(reversed);

    sent.sort(JudgedApproval.EARLIEST_FIRST);
    reversed.sort(JudgedApproval.EARLIEST_FIRST);

    assertThat(sent).extracting(JudgedApprovalTest::text).isEqualTo(ordered);
    assertThat(reversed).isEqualTo(sent);
  }

  /** The same statement by another approver. */
  private Approval ofLawyer(Approval approval) {
    byte[] bytes = approval.encode();
    PublicKey lawyer = e.lawyer.publicKey();
    System.arraycopy(lawyer.bytes(), 0, bytes, 2, lawyer.bytes().length);
    return Approval.decode(bytes);
  }

  private static String text(JudgedApproval one) {
    return one.statement().id() + " " + one.approval().approver();
  }
}
