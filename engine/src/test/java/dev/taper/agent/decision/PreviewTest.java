package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.names.ApproverNames;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PreviewTest {
  private final Story story = new Story();
  private final Budgets budgets = Budgets.forThisProcessOnly();

  private static DenialCode code(CallPreview preview) {
    return Objects.requireNonNull(preview.denial()).code();
  }

  @Test
  void preview_allowedCall_needsNoProofAndTellsNobody() {
    List<DecisionEvent> told = new ArrayList<>();
    Verifier verifier = story.verifier().listener(told::add).build();

    CallPreview preview =
        verifier.preview(
            UnverifiedToken.decode(story.atResearcher().encodeBase64()),
            Story.search(),
            SentApprovals.NONE);

    assertThat(preview.wouldBeAllowed()).isTrue();
    assertThat(preview.denial()).isNull();
    assertThat(preview.explanation()).startsWith("WOULD BE ALLOWED");
    assertThat(told).isEmpty();
    assertThat(verifier.health().replays().size()).isZero();
  }

  @Test
  void preview_deniedCall_saysWhatADecisionSays() {
    Verifier verifier = story.verifier().build();
    AgentToken token = story.atResearcher();
    ToolCall call = Story.search().operation("delete");

    CallPreview preview =
        verifier.preview(UnverifiedToken.decode(token.encodeBase64()), call, SentApprovals.NONE);

    CallDecision decided = story.decide(verifier, token, story.researcherKey, call);
    assertThat(code(preview)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(preview.explanation()).isEqualTo("WOULD BE " + decided.explanation());
    assertThat(preview.operatorExplanation())
        .isEqualTo("WOULD BE " + decided.operatorExplanation());
  }

  @Test
  void preview_tokenOfAKindThatIsNotTaken_isDenied() {
    AgentToken sealed = story.atResearcher().seal(story.researcherKey);

    assertThat(
            code(
                story
                    .verifier()
                    .build()
                    .preview(
                        UnverifiedToken.decode(sealed.encodeBase64()),
                        Story.search(),
                        SentApprovals.NONE)))
        .isEqualTo(DenialCode.SEALED_NOT_ACCEPTED);
  }

  @Test
  void preview_serviceRefuses_hidesItsPoliciesFromTheCaller() {
    Verifier verifier =
        story
            .verifier()
            .policies(
                PolicySet.of(Datalog.authorizer("secret_list(\"x\"); deny if secret_list($l);")))
            .build();

    CallPreview preview =
        verifier.preview(
            UnverifiedToken.decode(story.atResearcher().encodeBase64()),
            Story.search(),
            SentApprovals.NONE);

    assertThat(preview.explanation()).doesNotContain("secret_list");
    assertThat(preview.operatorExplanation()).contains("secret_list");
  }

  @Test
  void preview_budget_isLookedAtAndNotCharged() {
    Verifier verifier = story.verifier().budgets("acme", budgets).build();
    AgentToken token =
        story.issuer.mint(story.delegation().budget("at most 2 calls from acme as a"));

    for (int i = 0; i < 5; i++) {
      CallPreview preview =
          verifier.preview(
              UnverifiedToken.decode(token.encodeBase64()), Story.search(), SentApprovals.NONE);
      assertThat(preview.wouldBeAllowed()).isTrue();
      assertThat(preview.operatorBudgets())
          .extracting(CallPreview.BudgetLeft::left)
          .containsExactly(2L);
    }
    story.decide(verifier, token, story.plannerKey, Story.search());
    assertThat(
            verifier
                .preview(
                    UnverifiedToken.decode(token.encodeBase64()),
                    Story.search(),
                    SentApprovals.NONE)
                .operatorBudgets())
        .extracting(CallPreview.BudgetLeft::left)
        .containsExactly(1L);
    story.decide(verifier, token, story.plannerKey, Story.search());

    CallPreview exhausted =
        verifier.preview(
            UnverifiedToken.decode(token.encodeBase64()), Story.search(), SentApprovals.NONE);
    assertThat(code(exhausted)).isEqualTo(DenialCode.BUDGET_EXHAUSTED);
    assertThat(exhausted.operatorBudgets())
        .extracting(CallPreview.BudgetLeft::left)
        .containsExactly(0L);
    assertThat(exhausted.operatorExplanation()).contains("0 calls of 2 calls left in acme");
    assertThat(exhausted.explanation()).doesNotContain(" left");
  }

  @Test
  void preview_missingApproval_saysWhichOnes() {
    Escalated escalated = new Escalated();

    CallPreview preview =
        escalated.verifier.preview(
            UnverifiedToken.decode(escalated.ifBossApproves().encodeBase64()),
            Escalated.call(),
            SentApprovals.NONE);

    assertThat(code(preview)).isEqualTo(DenialCode.APPROVAL_REQUIRED);
    assertThat(Objects.requireNonNull(preview.denial()).missingActivation()).isNotNull();
    assertThat(preview.explanation()).contains(escalated.boss.publicKey().toString());
  }

  @Test
  void isApprover_key_isThatOfAnApproverWhomAGrantAPolicyOrAGroupNames() {
    Escalated e = new Escalated();
    String auditor = "{\"" + e.auditor.publicKey() + "\"}";
    Verifier asking =
        e.story
            .verifier()
            .approverNames(
                ApproverNames.builder()
                    .person("user:lawyer", e.lawyer.publicKey())
                    .group("legal", "user:lawyer")
                    .build())
            .policies(
                PolicySet.of(
                    Datalog.authorizer(
                        "check if approvers($a), "
                            + auditor
                            + ".intersection($a).length() >= 1; allow if true;")))
            .build();
    AgentToken token =
        e.granted(Escalated.delete().ifApproved(e.boss.publicKey()).ifApprovedByGroup(1, "legal"));

    CallPreview preview =
        asking.preview(
            UnverifiedToken.decode(token.encodeBase64()), Escalated.call(), SentApprovals.NONE);

    assertThat(preview.isApprover(e.boss.publicKey())).isTrue();
    assertThat(preview.isApprover(e.auditor.publicKey())).isTrue();
    assertThat(preview.isApprover(e.lawyer.publicKey())).isTrue();
    assertThat(preview.isApprover(e.stranger.publicKey())).isFalse();
  }

  /** One approval is there, so only the other is missing; its approver may be asked once more. */
  @Test
  void isApprover_keyThatAGrantOfTheCallNames_isOne() {
    Escalated e = new Escalated();
    Escalated.Approved one =
        e.approved(
            e.granted(
                Escalated.delete()
                    .ifApproved(e.boss.publicKey())
                    .ifApproved(e.auditor.publicKey())),
            e.boss,
            Escalated.call());

    CallPreview preview = e.verifier.preview(one.token().token(), Escalated.call(), one.sent());

    assertThat(code(preview)).isEqualTo(DenialCode.APPROVAL_REQUIRED);
    assertThat(preview.isApprover(e.boss.publicKey())).isTrue();
    assertThat(preview.isApprover(e.auditor.publicKey())).isTrue();
    assertThat(preview.isApprover(e.stranger.publicKey())).isFalse();
  }

  @Test
  void isApprover_callThatLacksNoApproval_isFalse() {
    Escalated e = new Escalated();
    AgentToken token =
        e.granted(Escalated.delete().ifApproved(e.boss.publicKey()).ifJustified(Escalated.QUARTER));
    Escalated.Approved approved = e.approved(token, e.boss, Escalated.call());

    CallPreview allowed =
        e.verifier.preview(token.token(), ToolCall.of("jira.search"), SentApprovals.NONE);
    CallPreview refused =
        e.verifier.preview(token.token(), ToolCall.of("mail.send"), SentApprovals.NONE);
    CallPreview unjustified = e.verifier.preview(token.token(), Escalated.call(), approved.sent());

    assertThat(allowed.wouldBeAllowed()).isTrue();
    assertThat(code(refused)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(code(unjustified)).isEqualTo(DenialCode.JUSTIFICATION_REQUIRED);
    for (CallPreview preview : List.of(allowed, refused, unjustified)) {
      assertThat(preview.isApprover(e.boss.publicKey())).isFalse();
    }
  }

  @Test
  void approvals_previewOfAnApprovedCall_namesThoseItWouldRestOn() {
    Escalated e = new Escalated();
    Escalated.Approved approved = e.approved(e.ifBossApproves(), e.boss, Escalated.call());

    CallPreview preview =
        e.verifier.preview(approved.token().token(), Escalated.call(), approved.sent());

    assertThat(preview.wouldBeAllowed()).isTrue();
    assertThat(preview.approvals()).singleElement().asString().startsWith(e.boss.publicKey() + " ");
  }

  @Test
  void toString_preview_namesTheCall() {
    assertThat(
            story
                .verifier()
                .build()
                .preview(
                    UnverifiedToken.decode(story.atResearcher().encodeBase64()),
                    Story.search(),
                    SentApprovals.NONE))
        .hasToString(
            "would be allowed: jira.search read on jira:project/ACME/Q3/12 at svc:jira by"
                + " agent:researcher");
  }

  @Test
  void budgetLeft_ofSeveralInOneHop_isShownInItsOwnUnit() {
    AgentToken token =
        story.issuer.mint(
            story
                .delegation()
                .budget("at most 2 EUR of limit from bank as a")
                .budget("at most 5 calls from bank as b")
                .budget("at most 2 calls from acme as c"));
    DelegationHop hop = token.chain().hops().get(0);

    assertThat(new CallPreview.BudgetLeft(hop, "bank", 2_000_000, 1_500_000))
        .hasToString("hop 0: 1.5 EUR of 2 EUR left in bank");
    assertThat(new CallPreview.BudgetLeft(hop, "bank", 5, 4))
        .hasToString("hop 0: 4 calls of 5 calls left in bank");
    assertThat(new CallPreview.BudgetLeft(hop, "wiki", 5, 4))
        .hasToString("hop 0: 4 of 5 left in wiki");
  }

  @Test
  void preview_callOfNoCatalog_isRefusedAsInADecision() {
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.search").operation("read")).build();
    Verifier verifier = story.verifier().catalog(catalog).build();

    String token = story.atResearcher().encodeBase64();

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "does not come from the verifier's own catalog",
        () -> verifier.preview(UnverifiedToken.decode(token), Story.search(), SentApprovals.NONE));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        "comes from a catalog, and the verifier has none",
        () ->
            story
                .verifier()
                .build()
                .preview(
                    UnverifiedToken.decode(token),
                    catalog.call("jira.search", "{}"),
                    SentApprovals.NONE));
  }
}
