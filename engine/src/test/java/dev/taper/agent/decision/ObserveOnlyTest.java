package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.Budgets;
import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ObserveOnlyTest {
  private final Story story = new Story();
  private final List<DecisionEvent> told = new ArrayList<>();
  private final Verifier verifier = story.verifier().observeOnly().listener(told::add).build();

  private static DenialCode observed(CallDecision decision) {
    assertThat(decision).isInstanceOf(CallDecision.Allowed.class);
    return Objects.requireNonNull(((CallDecision.Allowed) decision).observedDenial()).code();
  }

  private CallDecision decide(ToolCall call) {
    return story.decide(verifier, story.atResearcher(), story.researcherKey, call);
  }

  @Test
  void decide_deniedCall_goesAheadAndIsRecordedAsDenied() {
    CallDecision decision = decide(Story.search().operation("delete"));

    assertThat(observed(decision)).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(told).hasSize(1);
    assertThat(codeOf(told.get(0).decision())).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(told.get(0).isObserved()).isTrue();
    AuditEvent event = AuditEvent.decided(told.get(0));
    AuditBasis basis = Objects.requireNonNull(event.basis());
    assertThat(event.kind()).isEqualTo(AuditKind.DENY);
    assertThat(basis.isObserved()).isTrue();
    assertThat(basis.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void texts_deniedCall_tellTheOperatorAloneThatItIsOnlyObserved() {
    CallDecision decision = decide(Story.search().operation("delete"));

    assertThat(decision.operatorExplanation())
        .startsWith("ALLOWED  ")
        .contains("only observed; otherwise:\nDENIED  out_of_scope");
    assertThat(decision.explanation()).startsWith("ALLOWED  ").doesNotContain("observed");
    assertThat(decision.toOperatorJson())
        .contains("\"observed_denial\":{\"code\":\"out_of_scope\"");
    assertThat(decision.toJson()).doesNotContain("observed");
    assertThat(decision)
        .asString()
        .startsWith("allowed: ")
        .contains("only observed; denied out_of");
  }

  @Test
  void decide_allowedCall_hasNoDenialAndClaimsNothing() {
    AgentToken token = story.atResearcher();
    String proof =
        token.prove(story.researcherKey, Story.search(), Story.JIRA, story.clock).encodeBase64();

    for (int i = 0; i < 3; i++) {
      CallDecision decision =
          verifier.decide(Credentials.of(token.encodeBase64(), proof), Story.search());
      assertThat(((CallDecision.Allowed) decision).observedDenial()).isNull();
    }
    assertThat(verifier.health().replays().size()).isZero();
    assertThat(told).allMatch(DecisionEvent::isObserved);
  }

  @Test
  void decide_budget_isNotCharged() {
    Budgets budgets = Budgets.forThisProcessOnly();
    Verifier observing = story.verifier().budgets("acme", budgets).observeOnly().build();
    AgentToken token =
        story.issuer.mint(story.delegation().budget("at most 1 calls from acme as a"));

    for (int i = 0; i < 3; i++) {
      CallDecision decision = story.decide(observing, token, story.plannerKey, Story.search());
      assertThat(((CallDecision.Allowed) decision).observedDenial()).isNull();
    }
    assertThat(Objects.requireNonNull(budgets.fill()).size()).isZero();
  }

  @Test
  void decide_withoutAProof_goesAheadAndIsRecordedInShort() {
    CallDecision decision =
        verifier.decide(story.atResearcher().token(), Story.search(), null, SentApprovals.NONE);

    assertThat(observed(decision)).isEqualTo(DenialCode.PROOF_REQUIRED);
    assertThat(AuditEvent.decided(told.get(0)).hops()).isEmpty();
  }

  @Test
  void decide_recordFails_goesAheadAllTheSame() {
    Verifier failing =
        story
            .verifier()
            .observeOnly()
            .listener(
                event -> {
                  throw new IllegalStateException("full");
                })
            .build();

    CallDecision decision =
        story.decide(failing, story.atResearcher(), story.researcherKey, Story.search());

    assertThat(observed(decision)).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
  }

  @Test
  void decide_whatIsNoToken_isAnErrorHereToo() {
    Refused.with(
        ErrorCode.INVALID_BASE64, () -> verifier.decide(Credentials.of("?", null), Story.search()));
  }

  @Test
  void with_keepsObserving() {
    Verifier other =
        verifier.with(
            verifier.rules().withPolicies(PolicySet.of(Datalog.authorizer("deny if true;"))));

    assertThat(
            observed(
                story.decide(other, story.atResearcher(), story.researcherKey, Story.search())))
        .isEqualTo(DenialCode.POLICY_DENIED);
  }

  @Test
  void health_saysSo_andNobodyObservesByDefault() {
    assertThat(verifier.health().observesOnly()).isTrue();
    assertThat(story.verifier().build().health().observesOnly()).isFalse();
  }
}
