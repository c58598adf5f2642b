package dev.taper.agent;

import static dev.taper.agent.Attack.assertAllowed;
import static dev.taper.agent.Attack.assertDenied;
import static dev.taper.agent.Attack.assertThrows;
import static dev.taper.agent.Escalated.QUARTER;
import static dev.taper.agent.Escalated.call;
import static dev.taper.agent.Escalated.delete;
import static dev.taper.agent.Escalated.otherArguments;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.approval.Refusal;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.InMemoryApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Dormant grants, woken as they should be. */
class EscalationTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;

  @Test
  void decide_dormantGrant_saysWhatWouldWakeIt() {
    CallDecision decision = e.decide(e.ifBossApproves());

    assertDenied(decision, DenialCode.APPROVAL_REQUIRED);
    MissingActivation missing = Objects.requireNonNull(denied(decision).missingActivation());
    assertThat(missing.hop()).extracting(DelegationHop::block).isEqualTo(0);
    assertThat(missing.grant()).isEqualTo(delete().ifApproved(e.boss.publicKey()));
    assertThat(missing.approvers()).containsExactly(e.boss.publicKey().toString());
    assertThat(denied(decision).suggestion()).isNull();
    assertThat(decision.explanation())
        .contains("no approval counts for this call; needed: approved by " + e.boss.publicKey())
        .contains("To activate the grant: have the call approved by " + e.boss.publicKey())
        .doesNotContain("taper ")
        .doesNotContain("The last token");
    assertThat(decision.toJson())
        .contains(
            "\"missing_activation\":{\"block\":0,\"grant\":\"jira.delete on jira:project/ACME/* if")
        .contains("\"approvers\":[\"" + e.boss.publicKey() + "\"]");
    assertAllowed(e.decide(e.ifBossApproves(), ToolCall.of("jira.search")));
  }

  @Test
  void decide_approvedCall_isAllowedWithinTheWindow() {
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, call());

    assertAllowed(e.decide(token));
    story.clock.forward(QUARTER.minusSeconds(1));
    assertAllowed(e.decide(token));
    story.clock.forward(Duration.ofSeconds(1));
    CallDecision late = e.decide(token);
    assertDenied(late, DenialCode.APPROVAL_EXPIRED);
    assertThat(late.explanation()).contains(" ended at ").doesNotContain("was given");
  }

  @Test
  void decide_approvalWithAnyArguments_coversThem() {
    ApprovalTerms any = ApprovalTerms.lasting(QUARTER).withAnyArguments();
    AgentToken token = e.approved(e.ifBossApproves(), e.boss, call(), any);

    assertAllowed(e.decide(token));
    assertAllowed(e.decide(token, otherArguments()));
    assertDenied(
        e.decide(token, ToolCall.of("jira.delete").on("jira:project/ACME/Q3/13")),
        DenialCode.APPROVAL_MISMATCH);
  }

  @Test
  void decide_twoOfThree_needsTwoOneAfterTheOther() {
    AgentToken one = e.approved(e.ifTwoApprove(), e.boss, call());
    assertDenied(e.decide(one), DenialCode.APPROVAL_REQUIRED);

    assertAllowed(e.decide(e.approved(one, e.lawyer, call())));
  }

  @Test
  void decide_justifiedCall_isAllowedWithinTheWindow() {
    assertDenied(e.decide(e.ifJustified()), DenialCode.JUSTIFICATION_REQUIRED);
    AgentToken token = e.justified(e.ifJustified(), "jira.*", QUARTER);

    assertAllowed(e.decide(token));
    story.clock.forward(QUARTER);
    assertDenied(e.decide(token), DenialCode.JUSTIFICATION_EXPIRED);
    assertAllowed(e.decide(e.justified(token, "jira.delete", QUARTER)));
  }

  @Test
  void decide_justifiedAndApproved_needsBothAndNamesTheFirst() {
    AgentToken token = e.granted(delete().ifJustified().ifApproved(e.boss.publicKey()));

    assertDenied(e.decide(token), DenialCode.JUSTIFICATION_REQUIRED);
    AgentToken justified = e.justified(token, "jira.delete", QUARTER);
    assertDenied(e.decide(justified), DenialCode.APPROVAL_REQUIRED);
    assertAllowed(e.decide(e.approved(justified, e.boss, call())));
  }

  @Test
  void decide_singleUse_isSpentByTheFirstCallThatNeedsIt() {
    AgentToken token =
        e.approved(e.ifBossApproves(), e.boss, call(), ApprovalTerms.lasting(QUARTER).once());

    assertAllowed(e.decide(token, ToolCall.of("jira.search"))); // needs none
    assertAllowed(e.decide(token));
    assertDenied(e.decide(token), DenialCode.APPROVAL_USED);
    assertAllowed(
        e.decide(e.approved(token, e.boss, call(), ApprovalTerms.lasting(QUARTER).once())));
  }

  @Test
  void decide_singleUseApprovals_spendsNoMoreThanNeededAndTheEarliestFirst() {
    ApprovalTerms once = ApprovalTerms.lasting(QUARTER).once();
    AgentToken token = e.ifTwoApprove();
    for (PrivateKey approver : List.of(e.boss, e.auditor, e.lawyer)) {
      token = e.approved(token, approver, call(), once);
    }
    List<String> spent = new ArrayList<>();
    Verifier verifier = story.verifier().listener(event -> spent.addAll(event.approvals())).build();

    assertAllowed(story.decide(verifier, token, story.plannerKey, call()));

    assertThat(spent).containsExactly(approvals(token).get(0).id(), approvals(token).get(1).id());
    assertDenied(story.decide(verifier, token, story.plannerKey, call()), DenialCode.APPROVAL_USED);
  }

  private static List<Approval> approvals(AgentToken token) {
    List<Approval> approvals = new ArrayList<>();
    for (DelegationHop hop : token.chain().hops()) {
      if (hop.statement() instanceof Approval approval) {
        approvals.add(approval);
      }
    }
    return approvals;
  }

  @Test
  void decide_refusedCall_spendsNothing() {
    ApprovalTerms once = ApprovalTerms.lasting(QUARTER).once();
    AgentToken one = e.approved(e.ifTwoApprove(), e.boss, call(), once);

    assertDenied(e.decide(one), DenialCode.APPROVAL_REQUIRED);

    assertAllowed(e.decide(e.approved(one, e.lawyer, call(), once)));
  }

  @Test
  void decide_lastingApprovalBesidesASingleUseOne_spendsNothing() {
    AgentToken token =
        e.approved(e.ifBossApproves(), e.boss, call(), ApprovalTerms.lasting(QUARTER).once());
    token = e.approved(token, e.boss, call());
    InMemoryApprovalUses uses = InMemoryApprovalUses.of();
    Verifier verifier = story.verifier().approvalUses(uses).build();

    assertAllowed(story.decide(verifier, token, story.plannerKey, call()));
    assertThat(uses.size()).isZero();
  }

  @Test
  void decide_usesFullOrUnavailable_refuses() {
    AgentToken token =
        e.approved(e.ifBossApproves(), e.boss, call(), ApprovalTerms.lasting(QUARTER).once());
    ApprovalUses full = new Failing(() -> new TaperException(ErrorCode.APPROVAL_USES_FULL, "full"));
    ApprovalUses broken = new Failing(() -> new IllegalStateException("no connection"));

    assertDenied(decide(full, token), DenialCode.APPROVAL_USES_FULL);
    assertDenied(decide(broken, token), DenialCode.APPROVAL_USES_UNAVAILABLE);
  }

  /** A memory that cannot even say what it knows. */
  private record Failing(Supplier<RuntimeException> failure) implements ApprovalUses {
    @Override
    public Set<ApprovalUse> known(Collection<ApprovalUse> uses) {
      throw failure.get();
    }

    @Override
    public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share, Instant now) {
      throw failure.get();
    }

    @Override
    public void release(Collection<ApprovalUse> uses) {
      throw failure.get();
    }
  }

  private CallDecision decide(ApprovalUses uses, AgentToken token) {
    Verifier verifier = story.verifier().approvalUses(uses).build();
    return story.decide(verifier, token, story.plannerKey, call());
  }

  @Test
  void decide_approverWhoChangedItsMind_countsAsItSaidLast() {
    AgentToken refused = e.refused(e.ifBossApproves(), e.boss, call());
    assertDenied(e.decide(refused), DenialCode.APPROVAL_REFUSED);

    assertAllowed(e.decide(e.approved(refused, e.boss, call())));
  }

  @Test
  void decide_policies_seeReasonsAndApprovers() {
    PolicySet policies =
        PolicySet.of(
            Datalog.authorizer(
                "deny if justified($tool, $reason), $reason.length() < 12;"
                    + " check if approvers($keys), $keys.contains(\""
                    + e.auditor.publicKey()
                    + "\"); allow if true;"));
    Verifier verifier = story.verifier().policies(policies).build();
    AgentToken token = e.granted(delete().ifJustified());

    AgentToken approved = e.approved(token, e.auditor, call());
    AgentToken tooShort = e.justified(approved, "jira.delete", QUARTER); // "a duplicate"
    AgentToken fine =
        approved.justify(
            story.plannerKey,
            Justification.of("jira.delete", "a duplicate of 11", QUARTER, story.clock));

    assertDenied(
        story.decide(verifier, tooShort, story.plannerKey, call()), DenialCode.POLICY_DENIED);
    assertAllowed(story.decide(verifier, fine, story.plannerKey, call()));
    assertDenied(
        story.decide(
            verifier, e.justified(token, "jira.delete", QUARTER), story.plannerKey, call()),
        DenialCode.POLICY_DENIED);
  }

  @Test
  void decide_listeners_hearWhatCounted() {
    List<String> heard = new ArrayList<>();
    Verifier verifier =
        story
            .verifier()
            .listener(
                event -> {
                  heard.addAll(event.justifications());
                  heard.addAll(event.approvals());
                })
            .build();
    AgentToken token =
        e.justified(
            e.approved(
                e.granted(delete().ifJustified().ifApproved(e.boss.publicKey())), e.boss, call()),
            "jira.delete",
            QUARTER);

    story.decide(verifier, token, story.plannerKey, call());
    assertThat(heard).containsExactly("a duplicate", approvals(token).get(0).id());
    heard.clear();
    story.decide(verifier, token, story.plannerKey, ToolCall.of("jira.search"));
    assertThat(heard).isEmpty();
  }

  @Test
  void decide_dormantGrantThatAnotherHopDoesNotCover_isOutOfScope() {
    AgentToken narrowed =
        e.ifBossApproves()
            .delegate(story.plannerKey, Hop.toSelf().grant("jira.search"), story.clock);

    assertDenied(e.decide(narrowed), DenialCode.OUT_OF_SCOPE);
    AgentToken ended =
        e.ifBossApproves()
            .delegate(story.plannerKey, Hop.toSelf().expiresAt(Story.NOON), story.clock);
    assertDenied(e.decide(ended), DenialCode.EXPIRED);
  }

  @Test
  void chain_statements_areSaidInWords() {
    AgentToken token =
        e.justified(
            e.refused(e.approved(e.ifBossApproves(), e.boss, call()), e.auditor, call()),
            "jira.delete",
            QUARTER);
    List<DelegationHop> hops = token.chain().hops();

    assertThat(hops.get(1).mode()).isEqualTo(DelegationHop.Mode.THIRD_PARTY);
    assertThat(hops.get(1).grantor()).isEqualTo(e.boss.publicKey().toString());
    assertThat(hops.get(1).words())
        .isEqualTo(
            "approves jira.delete on jira:project/ACME/Q3/12 with the arguments asked for"
                + " at svc:jira, from 2026-11-24T12:00:00Z until 2026-11-24T12:15:00Z");
    assertThat(hops.get(2).statement()).isInstanceOf(Refusal.class);
    assertThat(hops.get(2).words()).endsWith("with the arguments asked for: \"keep it\"");
    assertThat(hops.get(3).mode()).isEqualTo(DelegationHop.Mode.NARROWED);
    assertThat(hops.get(3).words()).startsWith("justifies jira.delete, from 2026-11-24T12:00");
    assertThat(token.chain().depth()).isZero();
  }

  @Test
  void approvalRequest_json_readsBack() {
    ToolCall call =
        ToolCall.of("code.run").text("code", "// a comment\u2026").arg("url", "https://acme.com/");
    ApprovalRequest request = e.ifBossApproves().requestApproval(call, Story.JIRA, "to \"see\"");

    ApprovalRequest back = ApprovalRequest.decode(request.encode());

    assertThat(back.call().digest()).isEqualTo(call.digest());
    assertThat(back.audience()).isEqualTo(Story.JIRA);
    assertThat(back.reason()).isEqualTo("to \"see\"");
    assertThat(back.token().encode()).isEqualTo(request.token().encode());
    assertThat(back.encode()).isEqualTo(request.encode());
    String spaced = request.encode().replace(",\"", " ,\n\t\"").replace("\":", "\" : ");
    assertThat(ApprovalRequest.decode(" " + spaced + "\n").call().digest())
        .isEqualTo(call.digest());
  }

  @Test
  void approvalRequest_malformed_isRefusedWithACode() {
    String good = e.ifBossApproves().requestApproval(call(), Story.JIRA, "why not").encode();
    List<String> bad =
        List.of(
            "",
            "[]",
            "{}",
            good + "x",
            good.replace("taper/1", "taper/2"),
            good.replace("\"reason\":\"why not\"", "\"reason\":5"),
            good.replace("\"reason\":\"why not\"", "\"reason\":\"a\",\"reason\":\"b\""),
            good.replace("\"reason\"", "\"ask\""),
            good.replace("why not", ""),
            good.replace("\"audience\":\"svc:jira\",", ""),
            good.replace("svc:jira", ""),
            good.replace("svc:jira", "svc:\\u202ejira"),
            good.replace("why not", "a\\u202eb"),
            good.replace("\"call\":{", "\"call\":[{").replace("},\"format", "}],\"format"));
    for (String text : bad) {
      assertThrows(() -> ApprovalRequest.decode(text), ErrorCode.MALFORMED_APPROVAL_REQUEST);
    }
    assertThrows(
        () -> e.ifBossApproves().requestApproval(call(), Story.JIRA, "two\nlines"),
        ErrorCode.INVALID_REQUEST);
    AgentToken bearer = e.ifBossApproves().delegate(story.plannerKey, Hop.toBearer(), story.clock);
    assertThrows(
        () -> bearer.requestApproval(call(), Story.JIRA, "why"), ErrorCode.INVALID_ARGUMENT);
    String token = e.ifBossApproves().encodeBase64();
    String withBearer =
        e.ifBossApproves()
            .requestApproval(call(), Story.JIRA, "why")
            .encode()
            .replace(token, bearer.encodeBase64());
    assertThrows(() -> ApprovalRequest.decode(withBearer), ErrorCode.MALFORMED_APPROVAL_REQUEST);
  }

  @Test
  void terms_withoutAWindow_areRefused() {
    assertThrows(() -> ApprovalTerms.lasting(Duration.ZERO), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> ApprovalTerms.lasting(Duration.ofMillis(1500)), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> Justification.of("a", "b", Duration.ZERO, story.clock), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> Justification.of("*", "b", QUARTER, story.clock), ErrorCode.INVALID_ARGUMENT);
  }
}
