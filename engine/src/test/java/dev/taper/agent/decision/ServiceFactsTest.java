package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.assertViolation;
import static dev.taper.testing.Denials.lastHolderOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.UnverifiedToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the holder of a token can find out about the facts of a service, and what it can use up. */
class ServiceFactsTest {
  private static final String POLICIES =
      "tenant_member(\"u-1\", \"confidential-tenant\");"
          + "team($t) <- tenant_member($u, $t), tool($x);"
          + "allow if tenant_member($u, $t), team($t);";

  private final Story story = new Story();

  private UnverifiedToken hop(String datalog) {
    return ForgedChain.of(story.atPlanner())
        .then("holder(\"agent:researcher\");" + datalog, story.plannerKey, story.researcher.key())
        .held();
  }

  private CallDecision decide(UnverifiedToken token, String policies, String... shared) {
    Verifier verifier =
        story
            .verifier()
            .policies(PolicySet.of(Datalog.authorizer(policies)))
            .sharedPredicates(shared)
            .build();
    return Attack.present(story, verifier, token, story.researcherKey, Story.search());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check if tenant_member($u, $t), $u != \"x\", false;",
        "check if tenant_member($u, $t);",
        "check if team($t);",
        "check if tenant_member($u, $t) trusting authority, previous;",
        "seen($t) <- team($t); check if seen($t);",
        "check all tenant_member($u, $t), $u == \"u-1\";",
        "tenant_member(\"u-2\", \"mine\"); check if tenant_member(\"u-1\", $t);",
        "check if tenant_member($u);"
      })
  void decide_blockAsksForTheServicesFacts_findsAndIsToldNone(String asking) {
    CallDecision decision = decide(hop(asking), POLICIES);

    assertDenied(decision, DenialCode.CHECK_FAILED);
    assertThat(decision.explanation()).doesNotContain("confidential-tenant");
    assertThat(decision.toJson()).doesNotContain("confidential-tenant");
    assertThat(lastHolderOf(decision)).isEqualTo("agent:planner");
  }

  @Test
  void decide_policiesAskForTheirOwnFacts_seeThem() {
    assertAllowed(decide(hop("note(1);"), POLICIES));
    assertAllowed(decide(hop("tenant_member(\"u-2\", \"mine\"); team(\"mine\");"), POLICIES));
    assertDenied(
        decide(hop("banned(\"mine\");"), "check if banned($t);" + POLICIES),
        DenialCode.CHECK_FAILED);
  }

  @Test
  void decide_sharedPredicate_isForBlocksToSee() {
    assertAllowed(decide(hop("check if team($t);"), POLICIES, "team"));
    assertAllowed(decide(hop("check if tenant_member($u, $t);"), POLICIES, "tenant_member"));
    assertDenied(
        decide(hop("check if tenant_member($u, $t);"), POLICIES, "team"), DenialCode.CHECK_FAILED);
  }

  @Test
  void decide_blockUsesUpItsSteps_sameWhateverTheServiceHas() {
    String greedy =
        "f(1); f(2); f(3); f(4); f(5); f(6); f(7); f(8); f(9); f(10); check if f($a), f($b), f($c),"
            + " f($d), f($e), f($g), f($h), f($i), $a + $b > 99;";
    assertDenied(decide(hop(greedy), POLICIES), DenialCode.EVALUATION_FAILED);
  }

  @Test
  void decide_blockHasRejectIf_violatesTheProfile() {
    String reject = "reject if suspended(\"alice\");";
    assertViolation(() -> decide(hop(reject), POLICIES), "reject if");
    ForgedChain bearer =
        ForgedChain.of(story.atPlanner())
            .then("note(1);", story.plannerKey, story.scraper.key())
            .then(reject, story.scraperKey, story.researcher.key());
    assertViolation(
        () ->
            Attack.present(
                story, bearer.bearer(story.researcherKey), story.researcherKey, Story.search()),
        "reject if");
  }

  @Test
  void append_thirdPartysRejectIf_violatesTheProfile() {
    PrivateKey auditor = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token = story.atPlanner();
    ThirdPartyBlock block =
        token.thirdPartyRequest().sign(auditor, Datalog.block("reject if note(1);"));
    assertViolation(() -> token.append(block, story.plannerKey), "reject if");
  }

  @Test
  void check_rejectIf_refused() {
    assertThrows(
        () -> Hop.to(story.researcher).check(Datalog.check("reject if false")),
        ErrorCode.PROFILE_VIOLATION);
    assertThrows(
        () -> story.delegation().check(Datalog.check("reject if false")),
        ErrorCode.PROFILE_VIOLATION);
  }
}
