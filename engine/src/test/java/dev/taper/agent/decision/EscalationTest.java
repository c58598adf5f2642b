package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Escalated.QUARTER;
import static dev.taper.agent.decision.Escalated.call;
import static dev.taper.agent.decision.Escalated.delete;
import static dev.taper.agent.decision.Escalated.otherArguments;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.decision.Escalated.Approved;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.CallPattern;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Inactive grants, activated as they should be. */
class EscalationTest {
  private static final Approval.Terms ONCE = Approval.Terms.lasting(QUARTER).once();

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
    Approved token = e.approved(e.ifBossApproves(), e.boss, call());

    assertAllowed(e.decide(token));
    story.clock.forward(QUARTER.minusSeconds(1));
    assertAllowed(e.decide(token));
    story.clock.forward(Duration.ofSeconds(1));
    CallDecision late = e.decide(token);
    assertDenied(late, DenialCode.APPROVAL_EXPIRED);
    assertThat(late.explanation()).contains(" ended at ").doesNotContain("was given");
  }

  @Test
  void decide_textsOfTokenProofAndApprovals_areTakenInAnyOrder() {
    AgentToken token = e.ifTwoApprove();
    List<String> texts = new ArrayList<>();
    for (PrivateKey approver : List.of(e.boss, e.auditor)) {
      texts.add(e.approval(token, approver).encodeBase64());
    }
    Proof proof =
        token.prove(
            story.plannerKey, call().sent(), Story.JIRA, SentApprovals.of(texts), story.clock);
    Collections.reverse(texts);

    assertAllowed(
        e.verifier.decide(
            new Credentials(token.encodeBase64(), proof.encodeBase64(), texts), call()));
    Proof other =
        token.prove(
            story.plannerKey, call().sent(), Story.JIRA, SentApprovals.of(texts), story.clock);
    assertAllowed(e.verifier.decide(token.token(), call(), other, SentApprovals.of(texts)));
  }

  @Test
  void decide_approvalOfPatterns_coversTheirCallsAsOftenAsItSays() {
    CallPattern pattern = CallPattern.of(Grant.parse("jira.* on jira:project/ACME/Q3/*"));
    Approval.Terms twice = Approval.Terms.lasting(QUARTER).calls(List.of(pattern)).uses(2);
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), twice);

    assertDenied(
        e.decide(token, ToolCall.of("jira.delete").on("jira:project/ACME/Q4/13")),
        DenialCode.APPROVAL_MISMATCH);
    assertAllowed(e.decide(token));
    assertAllowed(e.decide(token, otherArguments()));
    CallDecision third = e.decide(token);
    assertDenied(third, DenialCode.APPROVAL_USED);
    assertThat(third.explanation()).contains("was good for 2 calls made before");
  }

  @Test
  void decide_twoOfThreeAskedAtOnce_needsTwo() {
    AgentToken token = e.ifTwoApprove();
    Approval one = e.approval(token, e.boss);
    Approval other = e.approval(token, e.lawyer);

    assertDenied(e.decide(Escalated.with(token, one)), DenialCode.APPROVAL_REQUIRED);
    assertAllowed(e.decide(Escalated.with(token, one, other)));
    assertAllowed(e.decide(Escalated.with(token, other, one)));
  }

  @Test
  void decide_holderNarrowsAndJustifiesMeanwhile_approvalStaysGood() {
    AgentToken token = e.granted(delete().ifJustified().ifApproved(e.boss.publicKey()));
    Approval early = e.approval(token, e.boss);
    AgentToken later =
        e.justified(
            token.delegate(story.plannerKey, Hop.toSelf().grant("jira.delete"), story.clock),
            "jira.delete",
            QUARTER);

    assertAllowed(e.decide(Escalated.with(later, early)));
    assertAllowed(e.decide(Escalated.with(later, e.approval(later, e.boss))));
  }

  @Test
  void decide_onwardApproval_isSharedByAllWhoHaveTheTokenFromThere() {
    AgentToken token = e.ifBossApproves();
    Approval.Terms onward =
        Approval.Terms.lasting(QUARTER)
            .calls(List.of(CallPattern.of(Grant.parse("jira.delete"))))
            .uses(2)
            .onwardFrom(0);
    Approval approval = e.approval(token, e.boss, call(), onward);
    AgentToken handedOn = token.delegate(story.plannerKey, Hop.to(story.researcher), story.clock);
    Approved atResearcher = Escalated.with(handedOn, approval);

    assertAllowed(e.decide(Escalated.with(token, approval)));
    assertAllowed(e.decide(e.verifier, atResearcher, story.researcherKey, call()));
    assertDenied(
        e.decide(e.verifier, atResearcher, story.researcherKey, call()), DenialCode.APPROVAL_USED);
    assertDenied(e.decide(Escalated.with(token, approval)), DenialCode.APPROVAL_USED);
    Approval asked = e.approval(handedOn, e.boss, call(), onward); // the same, asked by the child
    assertAllowed(e.decide(Escalated.with(token, asked)));
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
  void decide_countedOnce_isSpentByTheFirstCallThatNeedsIt() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);

    assertAllowed(e.decide(token, ToolCall.of("jira.search"))); // needs none
    assertAllowed(e.decide(token));
    assertDenied(e.decide(token), DenialCode.APPROVAL_USED);
    assertAllowed(e.decide(e.approved(token, e.boss, call(), ONCE)));
  }

  @Test
  void decide_countedApprovals_spendsNoMoreThanNeededAndTheEarliestFirst() {
    AgentToken token = e.ifTwoApprove();
    List<Approval> given = new ArrayList<>();
    for (PrivateKey approver : List.of(e.boss, e.auditor, e.lawyer)) {
      given.add(0, e.approval(token, approver, call(), ONCE)); // sent in another order
      story.clock.forward(Duration.ofSeconds(1));
    }
    Approved approved = new Approved(token, given);
    List<String> spent = new ArrayList<>();
    Verifier verifier = story.verifier().listener(event -> spent.addAll(event.approvals())).build();

    assertAllowed(e.decide(verifier, approved, story.plannerKey, call()));

    assertThat(spent).containsExactly(given.get(2).name(), given.get(1).name());
    assertThat(spent.get(0)).startsWith(e.boss.publicKey() + " ");
    assertDenied(e.decide(verifier, approved, story.plannerKey, call()), DenialCode.APPROVAL_USED);
  }

  /** A record names the approvals that an allowed call rests on, not all that came along. */
  @Test
  void decide_lastingApprovals_thoseThatWereNeededAreRecorded() {
    List<String> heard = new ArrayList<>();
    Verifier verifier = story.verifier().listener(event -> heard.addAll(event.approvals())).build();
    Approved all = e.approved(e.ifTwoApprove(), e.boss, call());
    all = e.approved(e.approved(all, e.lawyer, call()), e.auditor, call());

    assertAllowed(e.decide(verifier, all, story.plannerKey, call()));

    assertThat(heard).hasSize(2).isSubsetOf(all.approvals().stream().map(Approval::name).toList());
    heard.clear();
    Approved unneeded = e.approved(e.granted(Escalated.delete()), e.boss, call());
    assertAllowed(e.decide(verifier, unneeded, story.plannerKey, call()));
    assertThat(heard).isEmpty();
    Approved one = e.approved(e.ifTwoApprove(), e.boss, call());
    assertDenied(e.decide(verifier, one, story.plannerKey, call()), DenialCode.APPROVAL_REQUIRED);
    assertThat(heard).containsExactly(one.approvals().get(0).name());
    heard.clear();
    Approved mixed = e.approved(one, e.lawyer, call(), ONCE);
    assertAllowed(e.decide(verifier, mixed, story.plannerKey, call()));
    assertThat(heard).hasSize(2);
  }

  @Test
  void decide_refusedCall_spendsNothing() {
    Approved one = e.approved(e.ifTwoApprove(), e.boss, call(), ONCE);

    assertDenied(e.decide(one), DenialCode.APPROVAL_REQUIRED);

    assertAllowed(e.decide(e.approved(one, e.lawyer, call(), ONCE)));
  }

  @Test
  void decide_lastingApprovalBesidesACountedOne_spendsNothing() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    token = e.approved(token, e.boss, call());
    ApprovalUses uses = ApprovalUses.inMemory();
    Verifier verifier = story.verifier().approvalUses(uses).build();

    assertAllowed(e.decide(verifier, token, story.plannerKey, call()));
    assertThat(Objects.requireNonNull(uses.fill()).size()).isZero();
  }

  @Test
  void decide_noMemoryThatOutlivesTheProcess_ignoresCountedApprovals() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    VerifierBuilder plain =
        Verifier.trusting(RootKeys.of(story.root.publicKey()))
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .clock(story.clock)
            .withoutRevocation();

    assertDenied(
        e.decide(plain.build(), token, story.plannerKey, call()), DenialCode.APPROVAL_NOT_COUNTED);
    Verifier inMemory = plain.approvalUses(ApprovalUses.inMemory()).build();
    assertDenied(
        e.decide(inMemory, token, story.plannerKey, call()), DenialCode.APPROVAL_NOT_COUNTED);
    assertAllowed(e.decide(inMemory, e.approved(token, e.boss, call()), story.plannerKey, call()));
    assertAllowed(
        e.decide(plain.approvalUsesOfOneProcess().build(), token, story.plannerKey, call()));
  }

  @Test
  void decide_usesFullOrUnavailable_refuses() {
    Approved token = e.approved(e.ifBossApproves(), e.boss, call(), ONCE);
    ApprovalUses full = new Failing(() -> new TaperException(ErrorCode.APPROVAL_USES_FULL, "full"));
    ApprovalUses broken = new Failing(() -> new IllegalStateException("no connection"));

    assertDenied(decide(full, token), DenialCode.APPROVAL_USES_FULL);
    assertDenied(decide(broken, token), DenialCode.APPROVAL_USES_UNAVAILABLE);
  }

  /** A memory that cannot even say what it knows. */
  private record Failing(Supplier<RuntimeException> failure) implements ApprovalUses {
    @Override
    public Set<ApprovalUses.Use> known(Collection<ApprovalUses.Use> uses) {
      throw failure.get();
    }

    @Override
    public Set<ApprovalUses.Use> claim(
        Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
      throw failure.get();
    }

    @Override
    public void release(Collection<ApprovalUses.Use> uses) {
      throw failure.get();
    }
  }

  private CallDecision decide(ApprovalUses uses, Approved token) {
    Verifier verifier = story.verifier().approvalUses(uses).build();
    return e.decide(verifier, token, story.plannerKey, call());
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

    Approval yes = e.approval(token, e.auditor);
    AgentToken tooShort = e.justified(token, "jira.delete", QUARTER); // "a duplicate"
    AgentToken fine =
        token.justify(
            story.plannerKey,
            Justification.of("jira.delete", "a duplicate of 11", QUARTER, story.clock));

    assertDenied(
        e.decide(verifier, Escalated.with(tooShort, yes), story.plannerKey, call()),
        DenialCode.POLICY_DENIED);
    assertAllowed(e.decide(verifier, Escalated.with(fine, yes), story.plannerKey, call()));
    assertDenied(story.decide(verifier, fine, story.plannerKey, call()), DenialCode.CHECK_FAILED);
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
            e.granted(delete().ifJustified().ifApproved(e.boss.publicKey())),
            "jira.delete",
            QUARTER);
    Approved approved = e.approved(token, e.boss, call());

    assertAllowed(e.decide(verifier, approved, story.plannerKey, call()));
    assertThat(heard).containsExactly("a duplicate", approved.approvals().get(0).name());
    heard.clear();
    assertAllowed(e.decide(verifier, approved, story.plannerKey, ToolCall.of("jira.search")));
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
  void chain_justification_isSaidInWords() {
    AgentToken token = e.justified(e.ifBossApproves(), "jira.delete", QUARTER);
    DelegationHop hop = token.chain().hops().get(1);

    assertThat(hop.mode()).isEqualTo(DelegationHop.Mode.NARROWED);
    assertThat(hop.justification()).isNotNull();
    assertThat(hop.words()).startsWith("justifies jira.delete, from 2026-11-24T12:00");
    assertThat(token.chain().depth()).isZero();
  }

  @Test
  void approvalRequest_fromADenial_isWhatTheServiceUnderstood() {
    AgentToken token = e.ifBossApproves();
    Denied denied = denied(e.decide(token));

    ApprovalRequest asked = denied.approvalRequest(token.token(), "a duplicate");

    assertThat(asked.audience()).isEqualTo(Story.JIRA);
    assertThat(asked.call()).isEqualTo(call());
    assertThat(asked.catalogDigest()).isNull();
    Approval yes = asked.approve(e.boss, Approval.Terms.lasting(QUARTER), story.clock);
    assertAllowed(e.decide(Escalated.with(token, yes)));
    assertThrows(
        () -> denied.approvalRequest(e.ifTwoApprove().token(), "why"), ErrorCode.INVALID_ARGUMENT);
    Denied outOfScope = denied(e.decide(token, ToolCall.of("crm.delete")));
    assertThrows(
        () -> outOfScope.approvalRequest(token.token(), "why"), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void approvalRequest_ofACallByACatalog_saysWhichCatalog() {
    ToolCatalog catalog =
        ToolCatalog.parse(
            """
            {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {"jira.delete": {
              "resource": "jira:project/{project}",
              "arguments": {"project": {"type": "string", "required": true},
                "note": {"type": "string", "is": "text"}}}}}
            """);
    Verifier verifier = story.verifier().catalog(catalog).build();
    AgentToken token = e.granted(Grant.tools("jira.delete").ifApproved(e.boss.publicKey()));
    // The note cannot be stated, and is approved all the same, as it was sent.
    ToolCall call =
        catalog.call("jira.delete", "{\"project\": \"ACME\", \"note\": \"u\\u0308 \\u0000\"}");
    Denied denied = denied(e.decide(verifier, Escalated.with(token), story.plannerKey, call));

    ApprovalRequest asked =
        ApprovalRequest.decode(denied.approvalRequest(token.token(), "a duplicate").encode());

    assertThat(asked.catalogDigest()).isEqualTo(catalog.digest());
    assertThat(asked.call().digest()).isEqualTo(call.digest());
    Approval yes = asked.approve(e.boss, Approval.Terms.lasting(QUARTER), story.clock);
    assertAllowed(e.decide(verifier, Escalated.with(token, yes), story.plannerKey, call));
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

  /** As long as a request may be, with spaces that mean nothing. */
  @Test
  void approvalRequest_ofTheMostCharacters_isRead() {
    ApprovalRequest asked = e.ifBossApproves().requestApproval(call(), Story.JIRA, "why not");
    String longest = asked.encode() + " ".repeat((1 << 20) - asked.encode().length());

    assertThat(ApprovalRequest.decode(longest).encode()).isEqualTo(asked.encode());
    assertThrows(() -> ApprovalRequest.decode(longest + " "), ErrorCode.MALFORMED_APPROVAL_REQUEST);
    assertThat(asked).hasToString("ApprovalRequest(jira.delete on jira:project/ACME/Q3/12)");
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
            good.replace("\"format\"", "\"catalog\":\"00\",\"format\""),
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
  void terms_thatContradictEachOther_areRefused() {
    ApprovalRequest asked = e.ifBossApproves().requestApproval(call(), Story.JIRA, "why");
    CallPattern pattern = CallPattern.of(Grant.parse("jira.delete"));
    Approval.Terms quarter = Approval.Terms.lasting(QUARTER);
    List<Approval.Terms> bad =
        List.of(
            Approval.Terms.lasting(Duration.ZERO),
            Approval.Terms.lasting(Duration.ofDays(9999 * 366L)),
            quarter.uses(0),
            quarter.uses(10_001),
            quarter.once().at(List.of(Story.JIRA, "svc:wiki")),
            quarter.calls(List.of(pattern)),
            Approval.Terms.lasting(Duration.ofSeconds(3601)).calls(List.of(pattern)).uses(1),
            quarter.onwardFrom(0),
            quarter.calls(List.of(pattern)).uses(1).onwardFrom(1),
            quarter.because("x".repeat(1024)).at(manyServices(60)),
            quarter.at(manyServices(65)));
    for (Approval.Terms terms : bad) {
      assertThrows(() -> asked.statement(terms, story.clock), ErrorCode.INVALID_ARGUMENT);
    }
    assertThrows(() -> Approval.Terms.lasting(Duration.ofMillis(1500)), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> asked.statement(quarter.at(List.of(" ")), story.clock), ErrorCode.INVALID_REQUEST);
    assertThrows(
        () -> asked.statement(quarter.because("two\nlines"), story.clock),
        ErrorCode.INVALID_REQUEST);
    assertThrows(
        () -> CallPattern.of(Grant.parse("* on jira:project/ACME/*")), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> CallPattern.of(Grant.parse("jira.delete where limit <= 5")),
        ErrorCode.INVALID_ARGUMENT);
  }

  /** What would be if its holder said why: only then is a justification stated. */
  @Test
  void factsIf_justificationAssumed_isStatedOnlyThen() {
    Escalation silent =
        new Escalation(
            new Service(story.verifier(), Audience.of(Story.JIRA)),
            e.ifJustified().chain(),
            call(),
            List.of());
    CallFacts stated = CallFacts.none().justified("jira.delete", "", Duration.ZERO);

    assertThat(silent.factsIf(CallFacts.none(), assumed(true))).isEqualTo(stated);
    assertThat(silent.onlyIf(CallFacts.none(), assumed(true))).isEqualTo(stated);
    assertThat(silent.factsIf(CallFacts.none(), assumed(false))).isEqualTo(CallFacts.none());
    assertThat(silent.onlyIf(CallFacts.none(), assumed(false))).isEqualTo(CallFacts.none());
  }

  private static ActivationSearch.Assumed assumed(boolean justified) {
    return new ActivationSearch.Assumed(Set.of(), Set.of(), justified);
  }

  private static List<String> manyServices(int count) {
    List<String> services = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      services.add("svc:" + "x".repeat(50) + i);
    }
    return services;
  }

  @Test
  void justification_withoutAWindowOrTools_isRefused() {
    assertThrows(
        () -> Justification.of("a", "b", Duration.ZERO, story.clock), ErrorCode.INVALID_ARGUMENT);
    assertThrows(
        () -> Justification.of("*", "b", QUARTER, story.clock), ErrorCode.INVALID_ARGUMENT);
  }
}
