package dev.taper.agent;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.Signer;
import java.time.Duration;

/** A story in which the planner may search, and delete if others say yes or it says why. */
final class Escalated {
  static final Duration QUARTER = Duration.ofMinutes(15);

  final Story story = new Story();
  final PrivateKey boss = PrivateKey.generate(Algorithm.SECP256R1);
  final PrivateKey auditor = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey lawyer = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);
  final Verifier verifier = story.verifier().build();

  static Grant delete() {
    return Grant.tools("jira.delete").resources("jira:project/ACME/");
  }

  static ToolCall call() {
    return ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").arg("limit", 1);
  }

  static ToolCall otherArguments() {
    return ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").arg("limit", 2);
  }

  AgentToken granted(Grant... grants) {
    Delegation delegation =
        story
            .delegation()
            .with(DelegationTerms.Parts.NONE)
            .expiresIn(Duration.ofMinutes(60))
            .grant("jira.search");
    for (Grant grant : grants) {
      delegation = delegation.grant(grant);
    }
    return story.issuer.mint(delegation);
  }

  AgentToken ifBossApproves() {
    return granted(delete().ifApproved(boss.publicKey()));
  }

  AgentToken ifTwoApprove() {
    return granted(
        delete().ifApproved(2, boss.publicKey(), auditor.publicKey(), lawyer.publicKey()));
  }

  AgentToken ifJustified() {
    return granted(delete().ifJustified(QUARTER));
  }

  /** The token with an approval of the call that the planner asked for and added. */
  AgentToken approved(AgentToken token, Signer approver, ToolCall call) {
    return approved(token, approver, call, ApprovalTerms.lasting(QUARTER));
  }

  AgentToken approved(AgentToken token, Signer approver, ToolCall call, ApprovalTerms terms) {
    ApprovalRequest asked =
        ApprovalRequest.decode(token.requestApproval(call, Story.JIRA, "a duplicate").encode());
    return token.append(asked.approve(approver, terms, story.clock), story.plannerKey);
  }

  AgentToken refused(AgentToken token, Signer approver, ToolCall call) {
    ApprovalRequest asked = token.requestApproval(call, Story.JIRA, "a duplicate");
    return token.append(asked.refuse(approver, "keep it", story.clock), story.plannerKey);
  }

  AgentToken justified(AgentToken token, String tools, Duration window) {
    return token.justify(
        story.plannerKey, Justification.of(tools, "a duplicate", window, story.clock));
  }

  CallDecision decide(AgentToken token) {
    return decide(token, call());
  }

  CallDecision decide(AgentToken token, ToolCall call) {
    return story.decide(verifier, token, story.plannerKey, call);
  }
}
