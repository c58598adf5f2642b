package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Decider;
import dev.taper.agent.decision.CallDecision.Denied;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grant;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which hop a refusal blames, who is looked for that may, and what is said if that fails. */
class AttributionTest {
  private static final String ANY = "allow if true;";

  /** A service that takes calls of first holders only. */
  private static final String FIRST = "allow if depth(0);";

  private final Escalated e = new Escalated();
  private final Story story = e.story;

  private Attributed beyond(String policies) {
    ToolCall call =
        ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q3/12").arg("limit", 51);
    return new Attributed(story, story.atScraper(), call, policies);
  }

  /** Handed to the researcher, and from there to the scraper; null for a hop that adds nothing. */
  private AgentToken handedOn(AgentToken token, @Nullable Grant second, @Nullable Grant third) {
    Hop one = Hop.to(story.researcher);
    Hop other = Hop.to(story.scraper);
    AgentToken handed =
        token.delegate(story.plannerKey, second == null ? one : one.grant(second), story.clock);
    return handed.delegate(
        story.researcherKey, third == null ? other : other.grant(third), story.clock);
  }

  private static @Nullable Integer lastAllowed(Denied denied) {
    DelegationHop last = denied.lastAllowed();
    return last == null ? null : last.block();
  }

  private Grant ifBossApproves() {
    return Escalated.delete().ifApproved(e.boss.publicKey());
  }

  // Who may

  @Test
  void refusal_partBeforeTheBlamedHopIsAllowed_isTheLastAllowed() {
    Attributed trials = beyond(ANY);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(lastAllowed(denied)).isEqualTo(1);
    assertThat(denied.lastAllowedKnown()).isTrue();
    assertThat(trials.tried).containsExactly(2);
    assertThat(Objects.requireNonNull(denied.suggestion()).whom()).isEqualTo("agent:researcher");
  }

  @Test
  void refusal_serviceRefusesALongerPart_looksAtShorterOnes() {
    Attributed trials = beyond(FIRST);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(lastAllowed(denied)).isZero();
    assertThat(denied.lastAllowedKnown()).isTrue();
    assertThat(trials.tried).containsExactly(2, 1);
  }

  @Test
  void refusal_noPartIsAllowed_isKnownToBeNobody() {
    Attributed trials = beyond("allow if depth(7);");

    Denied denied = trials.refusal();

    assertThat(denied.lastAllowed()).isNull();
    assertThat(denied.lastAllowedKnown()).isTrue();
    assertThat(trials.tried).containsExactly(2, 1);
    assertThat(Objects.requireNonNull(denied.suggestion()).whom()).isEqualTo("user:alice@acme.com");
  }

  /** What is not known of a longer part, a shorter one does not tell. */
  @Test
  void refusal_tooMuchWorkAtALongerPart_isNotKnown() {
    Attributed trials = beyond(FIRST);
    trials.exhaustedAt = 2;

    Denied denied = trials.refusal();

    assertThat(denied.lastAllowed()).isNull();
    assertThat(denied.lastAllowedKnown()).isFalse();
    assertThat(trials.tried).containsExactly(2);
  }

  @Test
  void refusal_foundInSpiteOfTooMuchWork_isKnown() {
    Attributed trials = beyond(ANY);
    trials.exhausted = true;

    Denied denied = trials.refusal();

    assertThat(lastAllowed(denied)).isEqualTo(1);
    assertThat(denied.lastAllowedKnown()).isTrue();
  }

  @Test
  void refusal_tooMuchComparedBeforeTheShortestPart_isNotKnown() {
    Attributed trials = beyond(FIRST);
    useUp(trials.readings);

    Denied denied = trials.refusal();

    assertThat(denied.lastAllowed()).isNull();
    assertThat(denied.lastAllowedKnown()).isFalse();
    assertThat(trials.tried).containsExactly(2);
  }

  @Test
  void refusal_tooMuchComparedAtTheShortestPart_isKnown() {
    ToolCall elsewhere = ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q4/1");
    Attributed trials =
        new Attributed(story, story.atResearcher(), elsewhere, "allow if depth(7);");
    useUp(trials.readings);

    Denied denied = trials.refusal();

    assertThat(denied.lastAllowed()).isNull();
    assertThat(denied.lastAllowedKnown()).isTrue();
    assertThat(trials.tried).containsExactly(1);
  }

  private static void useUp(Readings readings) {
    for (long i = 0; i <= Readings.MOST_COMPARED; i++) {
      readings.noteCompared(Condition.task("T-4711"));
    }
  }

  @Test
  void refusal_longerPartLacksOnlyAnApproval_isWhomToAsk() {
    AgentToken token = handedOn(e.ifBossApproves(), null, Grant.tools("jira.search"));
    Attributed trials = new Attributed(story, token, Escalated.call(), ANY);
    trials.exhausted = true;

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(denied.lastAllowed()).isNull();
    assertThat(denied.lastAllowedKnown()).isTrue();
    assertThat(trials.tried).containsExactly(2);
    Suggestion ask = Objects.requireNonNull(denied.suggestion());
    assertThat(ask.whom()).isEqualTo("agent:researcher");
    assertThat(Objects.requireNonNull(ask.missingActivation()).approvers())
        .containsExactly(e.boss.publicKey().toString());
  }

  // Whom to blame

  /** The hop's own grant would do if it was active, but the service refuses the hop. */
  @Test
  void refusal_inactiveGrantAndPolicyOfTheService_blamesTheHopOfTheGrant() {
    AgentToken token =
        e.granted(Escalated.delete())
            .delegate(
                story.plannerKey, Hop.to(story.researcher).grant(ifBossApproves()), story.clock);
    Attributed trials =
        new Attributed(story, token, Escalated.call(), "deny if depth(1); allow if true;");

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.POLICY_DENIED);
    assertThat(denied.decider()).isEqualTo(new Decider(false, 0, null, null));
    assertThat(lastAllowed(denied)).isZero();
    assertThat(trials.tried).containsExactly(1);
    assertThat(denied.suggestion()).isNull();
    assertThat(denied.reasons()).hasSize(2).last().isEqualTo(Reason.OF_SERVICE);
    assertThat(denied.failingHop()).isEqualTo(denied.chain().hops().get(1));
  }

  @Test
  void refusal_severalInactiveGrantsAndPolicyOfTheService_blamesTheFirst() {
    AgentToken token = handedOn(e.ifBossApproves(), ifBossApproves(), null);
    Attributed trials = new Attributed(story, token, Escalated.call(), FIRST);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(denied.missingActivation()).isNull();
    assertThat(trials.tried).isEmpty();
    Suggestion ask = Objects.requireNonNull(denied.suggestion());
    assertThat(ask.whom()).isEqualTo("user:alice@acme.com");
    assertThat(ask.missingActivation()).isNull();
  }

  // What fails

  @Test
  void refusal_explainingTheChecksFails_saysTheRest() {
    Attributed trials = beyond(ANY).failing(Attributed.Step.WORK);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(trials.unexplained.count()).isEqualTo(1);
    assertThat(denied.operatorReasons())
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.details())
                    .containsExactly("argument limit is 51; needed: limit <= 50"));
    assertThat(lastAllowed(denied)).isEqualTo(1);
  }

  /** Without an explanation, nothing is said of policies that did not match. */
  @Test
  void refusal_explainingThePoliciesFails_saysThatNoneAllowsIt() {
    Attributed trials =
        new Attributed(story, story.atPlanner(), Story.search(), "allow if depth(7);")
            .failing(Attributed.Step.WORK);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.NO_MATCHING_POLICY);
    assertThat(denied.reasons()).containsExactly(Reason.OF_SERVICE);
    assertThat(denied.operatorReasons())
        .containsExactly(new Reason(null, "", "", List.of("no policy allows it"), null));
  }

  @Test
  void refusal_findingOutWhatIsMissingFails_keepsTheEvaluationsCode() {
    String bossApproves =
        "allow if approvers($a), {\"" + e.boss.publicKey() + "\"}.intersection($a).length() >= 1;";
    Attributed trials =
        new Attributed(story, e.granted(Escalated.delete()), Escalated.call(), bossApproves)
            .failing(Attributed.Step.DECIDE_IF);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.NO_MATCHING_POLICY);
    assertThat(denied.missingActivation()).isNull();
    assertThat(denied.reasons()).containsExactly(Reason.OF_SERVICE);
    assertThat(trials.unexplained.count()).isEqualTo(1);
  }

  @Test
  void refusal_lookingForWhoMayFails_saysAtWhichHopsAlone() {
    Attributed trials = beyond(ANY).failing(Attributed.Step.DECIDE);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(denied.reasons()).containsExactly(bare(denied, 2));
    assertThat(denied.operatorReasons()).containsExactly(bare(denied, 2));
    assertThat(denied.decider()).isEqualTo(new Decider(true, 0, null, 2));
    assertThat(trials.unexplained.count()).isEqualTo(1);

    Denied byBoth = beyond(FIRST).failing(Attributed.Step.DECIDE).refusal();

    assertThat(byBoth.reasons()).containsExactly(bare(byBoth, 2), Reason.OF_SERVICE);
    assertThat(byBoth.reason()).isEqualTo("a check of this hop does not hold");
  }

  private static Reason bare(Denied denied, int hop) {
    return Reason.of(
        denied.chain().hops().get(hop), "", "", List.of("a check of this hop does not hold"));
  }

  // What is too long

  /** Nobody reads more than so much, so the checks behind that are not even read. */
  @Test
  void refusal_manyLongChecks_readsAsManyAsAreTold() {
    StringBuilder checks = new StringBuilder("holder(\"agent:researcher\");");
    for (int i = 0; i < 40; i++) {
      checks.append("check if missing(\"").append("x".repeat(9000)).append(i).append("\");");
    }
    UnverifiedToken token =
        ForgedChain.of(story.atPlanner())
            .then(Datalog.block(checks.toString()), story.plannerKey, story.researcher.key(), 1)
            .held();
    Attributed trials = new Attributed(story, token, Story.search(), ANY);

    Denied denied = trials.refusal();

    assertThat(denied.code()).isEqualTo(DenialCode.CHECK_FAILED);
    assertThat(denied.reasons()).hasSize(40);
    assertThat(denied.reasons().get(39)).isEqualTo(Reason.leftOut(denied.chain().hops().get(1)));
    assertThat(denied.operatorReasons().get(39)).isEqualTo(denied.reasons().get(39));
    assertThat(trials.readings.checksRead()).isBetween(10, 15);
  }
}
