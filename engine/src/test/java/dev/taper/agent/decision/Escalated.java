package dev.taper.agent.decision;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.Signer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A story in which the planner may search, and delete if others say yes or it says why. */
public final class Escalated {
  public static final Duration QUARTER = Duration.ofMinutes(15);

  public final Story story = new Story();
  public final PrivateKey boss = PrivateKey.generate(Algorithm.SECP256R1);
  public final PrivateKey auditor = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey lawyer = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);
  public final Verifier verifier = story.verifier().build();

  public static Grant delete() {
    return Grant.tools("jira.delete").resources("jira:project/ACME/");
  }

  public static ToolCall call() {
    return ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").arg("limit", 1);
  }

  public static ToolCall otherArguments() {
    return ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").arg("limit", 2);
  }

  public AgentToken granted(Grant... grants) {
    Delegation delegation =
        Bare.of(story.delegation()).expiresIn(Duration.ofMinutes(60)).grant("jira.search");
    for (Grant grant : grants) {
      delegation = delegation.grant(grant);
    }
    return story.issuer.mint(delegation);
  }

  public AgentToken ifBossApproves() {
    return granted(delete().ifApproved(boss.publicKey()));
  }

  public AgentToken ifTwoApprove() {
    return granted(
        delete().ifApproved(2, boss.publicKey(), auditor.publicKey(), lawyer.publicKey()));
  }

  public AgentToken ifJustified() {
    return granted(delete().ifJustified(QUARTER));
  }

  /** A token, and the approvals that its holder sends beside it. */
  public record Approved(AgentToken token, List<Approval> approvals) {
    public SentApprovals sent() {
      return SentApprovals.of(approvals.stream().map(Approval::encodeBase64).toList());
    }

    /** The same with other approvals. */
    Approved with(Approval... others) {
      return new Approved(token, List.of(others));
    }
  }

  public static Approved with(AgentToken token, Approval... approvals) {
    return new Approved(token, List.of(approvals));
  }

  /** An approval of the call for this token at this time. */
  public Approval approval(AgentToken token, Signer approver, ToolCall call, Approval.Terms terms) {
    ApprovalRequest asked =
        ApprovalRequest.decode(token.requestApproval(call, Story.JIRA, "a duplicate").encode());
    return asked.approve(approver, terms, story.clock);
  }

  public Approval approval(AgentToken token, Signer approver) {
    return approval(token, approver, call(), Approval.Terms.lasting(QUARTER));
  }

  /** The token with an approval of the call that the planner asked for. */
  public Approved approved(AgentToken token, Signer approver, ToolCall call) {
    return approved(token, approver, call, Approval.Terms.lasting(QUARTER));
  }

  public Approved approved(AgentToken token, Signer approver, ToolCall call, Approval.Terms terms) {
    return approved(with(token), approver, call, terms);
  }

  /** One approval more. */
  public Approved approved(Approved before, Signer approver, ToolCall call) {
    return approved(before, approver, call, Approval.Terms.lasting(QUARTER));
  }

  public Approved approved(Approved before, Signer approver, ToolCall call, Approval.Terms terms) {
    List<Approval> all = new ArrayList<>(before.approvals());
    all.add(approval(before.token(), approver, call, terms));
    return new Approved(before.token(), List.copyOf(all));
  }

  public AgentToken justified(AgentToken token, String tools, Duration window) {
    return token.justify(
        story.plannerKey, Justification.of(tools, "a duplicate", window, story.clock));
  }

  public CallDecision decide(AgentToken token) {
    return decide(token, call());
  }

  public CallDecision decide(AgentToken token, ToolCall call) {
    return story.decide(verifier, token, story.plannerKey, call);
  }

  public CallDecision decide(Approved approved) {
    return decide(approved, call());
  }

  public CallDecision decide(Approved approved, ToolCall call) {
    return decide(verifier, approved, story.plannerKey, call);
  }

  /** What a verifier says of a call with approvals that the key's holder proves. */
  public CallDecision decide(Verifier verifier, Approved approved, Signer holder, ToolCall call) {
    return verifier.decide(
        approved.token().token(), call, proof(approved, holder, call), approved.sent());
  }

  public Proof proof(Approved approved, Signer holder, ToolCall call) {
    return approved.token().prove(holder, call.sent(), Story.JIRA, approved.sent(), story.clock);
  }
}
