package dev.taper.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.memory.Budgets;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
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

    CallPreview preview = verifier.preview(story.atResearcher().encodeBase64(), Story.search());

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

    CallPreview preview = verifier.preview(token.encodeBase64(), call);

    CallDecision decided = story.decide(verifier, token, story.researcherKey, call);
    assertThat(code(preview)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(preview.explanation()).isEqualTo("WOULD BE " + decided.explanation());
    assertThat(preview.operatorExplanation())
        .isEqualTo("WOULD BE " + decided.operatorExplanation());
  }

  @Test
  void preview_tokenOfAKindThatIsNotTaken_isDenied() {
    AgentToken sealed = story.atResearcher().seal(story.researcherKey);

    assertThat(code(story.verifier().build().preview(sealed.encodeBase64(), Story.search())))
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

    CallPreview preview = verifier.preview(story.atResearcher().encodeBase64(), Story.search());

    assertThat(preview.explanation()).doesNotContain("secret_list");
    assertThat(preview.operatorExplanation()).contains("secret_list");
  }

  @Test
  void preview_budget_isLookedAtAndNotCharged() {
    Verifier verifier = story.verifier().budgets("acme", budgets).build();
    AgentToken token =
        story.issuer.mint(story.delegation().budget("at most 2 calls from acme as a"));

    for (int i = 0; i < 5; i++) {
      CallPreview preview = verifier.preview(token.encodeBase64(), Story.search());
      assertThat(preview.wouldBeAllowed()).isTrue();
      assertThat(preview.operatorBudgets())
          .extracting(CallPreview.BudgetLeft::left)
          .containsExactly(2L);
    }
    story.decide(verifier, token, story.plannerKey, Story.search());
    assertThat(verifier.preview(token.encodeBase64(), Story.search()).operatorBudgets())
        .extracting(CallPreview.BudgetLeft::left)
        .containsExactly(1L);
    story.decide(verifier, token, story.plannerKey, Story.search());

    CallPreview exhausted = verifier.preview(token.encodeBase64(), Story.search());
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
        escalated.verifier.preview(escalated.ifBossApproves().encodeBase64(), Escalated.call());

    assertThat(code(preview)).isEqualTo(DenialCode.APPROVAL_REQUIRED);
    assertThat(Objects.requireNonNull(preview.denial()).missingActivation()).isNotNull();
    assertThat(preview.explanation()).contains(escalated.boss.publicKey().toString());
  }

  @Test
  void preview_callOfNoCatalog_isRefusedAsInADecision() {
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.search").operation("read")).build();
    Verifier verifier = story.verifier().catalog(catalog).build();

    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> verifier.preview(story.atResearcher().encodeBase64(), Story.search()));
  }
}
