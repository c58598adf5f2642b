package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.assertViolation;
import static dev.taper.agent.decision.Attack.present;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.grant.Grant;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Well-signed tokens whose blocks say what they must not, and hops that try to widen. */
@ParameterizedClass
@EnumSource(Caching.class)
class ProfileAttackTest {
  private static final ToolCall CALL = Story.search();
  private static final ToolCall DELETE =
      ToolCall.of("jira.delete").operation("delete").on("jira:project/ACME/Q3/12");
  private static final String STATED =
      "delegator(\"user:alice@acme.com\"); holder(\"agent:planner\"); task(\"T-4711\");";

  private final Story story;
  private final PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);

  ProfileAttackTest(Caching caching) {
    this.story = new Story(caching);
  }

  /** A token of the planner's with any authority block, signed by the root key. */
  private UnverifiedToken authority(String datalog) {
    return authority(datalog, Bare.CONTEXT);
  }

  private UnverifiedToken authority(String datalog, String context) {
    return ForgedChain.empty()
        .then(Datalog.block(datalog).withContext(context), story.root, story.planner.key(), 1)
        .held();
  }

  /** The planner's hop to the researcher with any block. */
  private UnverifiedToken hop(String datalog) {
    return ForgedChain.of(story.atPlanner())
        .then(datalog, story.plannerKey, story.researcher.key())
        .held();
  }

  private CallDecision decide(UnverifiedToken token, ToolCall call) {
    PrivateKey holder =
        token.holderKey().equals(story.planner.key()) ? story.plannerKey : story.researcherKey;
    return present(story, token, holder, call);
  }

  private CallDecision decide(UnverifiedToken token, ToolCall call, String policies) {
    Verifier verifier =
        story.verifier().policies(PolicySet.of(Datalog.authorizer(policies))).build();
    return present(story, verifier, token, story.researcherKey, call);
  }

  private void assertRefused(UnverifiedToken token, String message) {
    assertViolation(() -> decide(token, CALL), message);
  }

  @Test
  void decide_plainAuthorityAndHop_areAllowed() {
    assertAllowed(decide(authority(STATED), CALL));
    assertAllowed(decide(hop("holder(\"agent:researcher\"); note(1);"), CALL));
  }

  static List<String> reserved() {
    return CallFacts.reserved();
  }

  @ParameterizedTest
  @MethodSource("reserved")
  void decide_reservedPredicateAsFactInTheAuthority_isAViolation(String name) {
    assertRefused(
        authority(STATED + name + "(\"jira.search\");"),
        "block 0: only a verifier may state " + name);
  }

  @ParameterizedTest
  @MethodSource("reserved")
  void decide_reservedPredicateAsFactInAHop_isAViolation(String name) {
    assertRefused(
        hop("holder(\"agent:researcher\"); " + name + "(1, 2, 3);"),
        "block 1: only a verifier may state " + name);
  }

  @ParameterizedTest
  @MethodSource("reserved")
  void decide_reservedPredicateAsRuleHeadInTheAuthority_isAViolation(String name) {
    assertRefused(
        authority(STATED + name + "($x) <- task($x);"), "block 0: a rule derives " + name);
  }

  @ParameterizedTest
  @MethodSource("reserved")
  void decide_reservedPredicateAsRuleHeadInAHop_isAViolation(String name) {
    assertRefused(
        hop("holder(\"agent:researcher\"); " + name + "(1) <- true;"),
        "block 1: a rule derives " + name);
  }

  @ParameterizedTest
  @CsvSource({"delegator", "task", "purpose"})
  void decide_statementOfTheAuthorityRepeatedInAHop_isAViolation(String name) {
    assertRefused(
        hop("holder(\"agent:researcher\"); " + name + "(\"other\");"),
        "block 1: only the authority block may state " + name);
  }

  @ParameterizedTest
  @CsvSource({"delegator", "task", "purpose", "holder"})
  void decide_statementDerivedByARule_isAViolation(String name) {
    String rule = name + "($x) <- task($x);";

    assertRefused(authority(STATED + rule), "block 0: a rule derives " + name);
    assertRefused(hop("holder(\"agent:researcher\"); " + rule), "block 1: a rule derives " + name);
  }

  @ParameterizedTest
  @CsvSource({"delegator", "task", "purpose", "holder"})
  void decide_statementTwiceInTheAuthority_isAViolation(String name) {
    String twice = name + "(\"one\"); " + name + "(\"two\");";
    String others = STATED.replaceAll(name + "\\(\"[^\"]*\"\\);", "");

    assertRefused(authority(others + twice), "block 0: " + name + " is stated twice");
  }

  @Test
  void decide_holderTwiceInAHop_isAViolation() {
    assertRefused(
        hop("holder(\"agent:researcher\"); holder(\"agent:planner\");"),
        "block 1: holder is stated twice");
  }

  @ParameterizedTest
  @CsvSource({"delegator", "task", "holder"})
  void decide_statementMissing_isAViolation(String name) {
    assertRefused(
        authority(STATED.replaceAll(name + "\\(\"[^\"]*\"\\);", "")),
        "block 0: the authority block states no " + name);
  }

  @ParameterizedTest
  @CsvSource({"delegator", "task", "purpose", "holder"})
  void decide_statementThatIsNotOneString_isAViolation(String name) {
    String others = STATED.replaceAll(name + "\\(\"[^\"]*\"\\);", "");

    assertRefused(authority(others + name + "(7);"), "block 0: " + name + " takes one string");
    assertRefused(
        authority(others + name + "(\"a\", \"b\");"), "block 0: " + name + " takes one string");
  }

  @Test
  void decide_ambiguousNames_areViolations() {
    assertRefused(hop("holder(\"agent:researcher \");"), "block 1: holder: ");
    assertRefused(hop("holder(\"agent:\u202erehcraeser\");"), "block 1: holder: ");
    assertRefused(hop("holder(\"\");"), "block 1: holder: ");
    assertRefused(authority(STATED.replace("user:alice", "user:\0alice")), "block 0: delegator: ");
    assertRefused(authority(STATED + "purpose(\"cafe\u0301\");"), "block 0: purpose: ");
  }

  @Test
  void decide_holderInAThirdPartyBlock_isAViolation() {
    AgentToken token = story.atPlanner();
    ThirdPartyBlock block =
        token.thirdPartyRequest().sign(mallory, Datalog.block("holder(\"agent:planner\");"));

    assertRefused(
        token.token().append(block, story.plannerKey),
        "block 1: a third party's block names a holder");
  }

  @Test
  void decide_reservedPredicateInAThirdPartyBlock_isAViolation() {
    AgentToken token = story.atPlanner();
    ThirdPartyBlock block =
        token.thirdPartyRequest().sign(mallory, Datalog.block("tool(\"jira.delete\");"));

    assertRefused(
        token.token().append(block, story.plannerKey), "block 1: only a verifier may state tool");
  }

  @Test
  void decide_otherContext_isNoDelegation() {
    assertThrows(() -> decide(authority(STATED, "taper/2"), CALL), ErrorCode.NOT_A_DELEGATION);
    assertThrows(() -> decide(authority(STATED, ""), CALL), ErrorCode.NOT_A_DELEGATION);
    assertThrows(
        () ->
            present(
                story,
                ForgedChain.empty().then(STATED, story.root, story.planner.key()).held(),
                story.plannerKey,
                CALL),
        ErrorCode.NOT_A_DELEGATION);
  }

  @Test
  void decide_factsOfAHopThatPretendToGrant_areNotSeenByTheAuthority() {
    UnverifiedToken token =
        ForgedChain.empty()
            .then(
                Datalog.block(STATED + "check if right(\"jira.delete\");")
                    .withContext(Bare.CONTEXT),
                story.root,
                story.planner.key(),
                1)
            .then(
                "holder(\"agent:researcher\"); right(\"jira.delete\");",
                story.plannerKey,
                story.researcher.key())
            .held();

    assertDenied(decide(token, DELETE), DenialCode.CHECK_FAILED);
  }

  @Test
  void decide_factsAndRulesOfAHopThatPretendToGrant_areNotSeenByTheService() {
    String policies = "allow if right($t), tool($t);";
    String facts = "holder(\"agent:researcher\"); right(\"jira.search\");";
    String rules = "holder(\"agent:researcher\"); right($t) <- tool($t);";
    String escape = "holder(\"agent:researcher\"); right($t) <- tool($t) trusting previous;";

    assertDenied(decide(hop(facts), CALL, policies), DenialCode.NO_MATCHING_POLICY);
    assertDenied(decide(hop(rules), CALL, policies), DenialCode.NO_MATCHING_POLICY);
    assertDenied(decide(hop(escape), CALL, policies), DenialCode.NO_MATCHING_POLICY);
    assertAllowed(decide(hop(facts), CALL, "allow if tool(\"jira.search\");"));
  }

  @Test
  void decide_thirdPartyFactsThatPretendToGrant_areNotSeenByTheService() {
    AgentToken token = story.atPlanner();
    ThirdPartyBlock block =
        token.thirdPartyRequest().sign(mallory, Datalog.block("right(\"jira.search\");"));
    UnverifiedToken appended = token.token().append(block, story.plannerKey);
    Verifier verifier =
        story
            .verifier()
            .policies(PolicySet.of(Datalog.authorizer("allow if right($t), tool($t);")))
            .build();

    assertDenied(
        present(story, verifier, appended, story.plannerKey, CALL), DenialCode.NO_MATCHING_POLICY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          check if tool("jira.delete") or true
          check if true
          check if tool($t) or tool("x")
          check all tool($t), true
          """)
  void decide_checkOfAHopThatIsAlwaysTrue_doesNotWiden(String check) {
    UnverifiedToken token = hop("holder(\"agent:researcher\"); " + check + ";");

    CallDecision decision = decide(token, DELETE);

    assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    assertThat(denied(decision).failingHop()).extracting(DelegationHop::block).isEqualTo(0);
    assertAllowed(decide(token, CALL));
  }

  @Test
  void decide_hopWithWiderGrant_doesNotWiden() {
    AgentToken token =
        story
            .atPlanner()
            .delegate(
                story.plannerKey, Hop.to(story.researcher).grant(Grant.anyTool()), story.clock);

    assertDenied(decide(token.token(), DELETE), DenialCode.OUT_OF_SCOPE);
    assertAllowed(decide(token.token(), CALL));
  }

  static Stream<String> bombs() {
    String facts = String.join("", IntStream.range(0, 10).mapToObj(i -> "d(" + i + "); ").toList());
    return Stream.of(
        facts + "t($a,$b,$c,$d,$e) <- d($a), d($b), d($c), d($d), d($e);",
        facts
            + "n(0) <- d($a), d($b), d($c), d($d), d($e), d($f), d($g), d($h), $a + $b + $c > 999;",
        facts + "check if d($a), d($b), d($c), d($d), d($e), d($f), d($g), d($h), $h > 99;");
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void decide_bombInAHop_isRefusedWithinTheLimits(String bomb) {
    CallDecision decision = decide(hop("holder(\"agent:researcher\"); " + bomb), CALL);

    assertDenied(decision, DenialCode.EVALUATION_FAILED);
    assertThat(denied(decision).operatorReason())
        .containsAnyOf("too_many_facts", "too_much_work", "timeout");
  }

  @Test
  void decide_errorInAHopsCheck_isRefused() {
    assertDenied(
        decide(hop("holder(\"agent:researcher\"); check if 1 / 0 === 1 or true;"), CALL),
        DenialCode.EVALUATION_FAILED);
  }
}
