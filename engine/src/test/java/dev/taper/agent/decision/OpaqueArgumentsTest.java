package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.testing.Denials.denied;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be stated exactly passes nothing that was written against it. */
class OpaqueArgumentsTest {
  private static final ToolCatalog CATALOG =
      ToolCatalog.parse(
          """
          {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {"note.save": {
            "operation": "write",
            "arguments": {
              "note": {"type": "string", "is": "text"},
              "blob": {"type": "any", "opaque": true},
              "other": {"type": "string"},
              "amount": {"type": "number"}}}}}
          """);

  /** Not in normalization form C. */
  private static final String OPAQUE = "{\"note\":\"cafe\\u0301\",\"other\":\"x\"}";

  private static final String STATED = "{\"note\":\"caf\\u00e9\",\"other\":\"x\"}";

  private final Story story = new Story();

  private UnverifiedToken token(String datalog) {
    return token(Datalog.block("holder(\"agent:researcher\");" + datalog));
  }

  private UnverifiedToken token(Block block) {
    AgentToken granted =
        story.issuer.mint(Bare.of(story.delegation()).grant("note.*").withoutExpiry());
    return ForgedChain.of(granted).then(block, story.plannerKey, story.researcher.key(), 1).held();
  }

  private CallDecision decide(String datalog, String policies, String arguments) {
    Verifier verifier =
        story
            .verifier()
            .catalog(CATALOG)
            .policies(PolicySet.of(Datalog.authorizer(policies)))
            .build();
    ToolCall call = CATALOG.call("note.save", arguments);
    return Attack.present(story, verifier, token(datalog), story.researcherKey, call);
  }

  private CallDecision byPolicies(String policies, String arguments) {
    return decide("", policies + "allow if true;", arguments);
  }

  private CallDecision byToken(String datalog, String arguments) {
    return decide(datalog, "allow if true;", arguments);
  }

  @Test
  void decide_nothingForbidden_isAllowed() {
    assertAllowed(byPolicies("", OPAQUE));
    assertAllowed(byPolicies("", STATED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deny if arg(\"note\", $v), $v === \"bad\";",
        "deny if tool(\"none\") or arg(\"note\", $v), $v === \"bad\";",
        "deny if arg($n, $v), $v === \"bad\";",
        "deny if arg($n, $v), $n === \"blob\";", // a variable is any name
        "deny if arg_decimal($n, $v), $v > 5;",
        "deny if arg_number(\"note\", $v);",
        "deny if arg_url($n, $s, $h, $p, $q), $h === \"evil.example\";",
        "deny if arg_host_class(\"note\", \"private\");",
        "deny if arg_path($n, $p), $p.starts_with(\"/etc\");",
        "reject if arg(\"note\", $v), $v === \"bad\";",
        "reject if arg($n, $v), [\"array\", \"map\"].contains($v.type());",
        "check all arg($n, $v), $v !== \"bad\" or true;",
        "check all arg(\"note\", $v), $v !== \"bad\" or tool($t);",
        // Through rules, however many and in whichever order
        "bad($v) <- arg(\"note\", $v); deny if bad(\"x\");",
        "c($v) <- b($v); b($v) <- a($v); a($v) <- arg($n, $v); reject if c(\"bad\");",
        "a($v) <- arg($n, $v), tool($t); b($t) <- tool($t), a(\"bad\"); deny if b($t);",
        "a($v) <- b($v); b($v) <- a($v); a($v) <- arg(\"note\", $v); deny if b(\"bad\");",
        "a(1) <- arg(\"note\", \"bad\"); check all tool($t), a($x), $x !== 1 or tool($t);"
      })
  void decide_policiesForbidAValue_opaqueOneIsRefused(String policies) {
    CallDecision decision = byPolicies(policies, OPAQUE);

    assertDenied(decision, DenialCode.ARGUMENT_OPAQUE);
    assertThat(decision.explanation())
        .contains(
            "the service forbids values of arguments, and what \"note\" holds cannot be stated"
                + " exactly");
    assertAllowed(byPolicies(policies, STATED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deny if arg(\"other\", $v), $v === \"bad\";",
        "deny if arg(5, $v);",
        "deny if tool(\"note.drop\");",
        "deny if arg_names($n), $n.contains(\"evil\");",
        "deny if arg_opaque(\"blob\");",
        "reject if operation(\"delete\");",
        "check all arg(\"other\", $v), $v === \"x\";",
        "bad($v) <- arg(\"other\", $v); deny if bad(\"y\");",
        "bad($v) <- arg(\"note\", $v); deny if bac(\"x\");",
        "good($v) <- arg(\"note\", $v); check if good($v) or true;"
      })
  void decide_policiesForbidSomethingElse_opaqueOneIsNoMatter(String policies) {
    assertAllowed(byPolicies(policies, OPAQUE));
  }

  /** What asks for a fact does not find it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "check if arg(\"note\", $v);",
        "check if arg(\"note\", $v), $v !== \"bad\";",
        "good($v) <- arg(\"note\", $v); check if good($v);",
      })
  void decide_policiesAskForAValue_opaqueOneJustFails(String policies) {
    assertDenied(byPolicies(policies, OPAQUE), DenialCode.CHECK_FAILED);
    assertAllowed(byPolicies(policies, STATED));
    assertDenied(decide("", "allow if arg(\"note\", $v);", OPAQUE), DenialCode.NO_MATCHING_POLICY);
  }

  @Test
  void decide_policiesRefuseWhatIsOpaque_canSayIt() {
    assertDenied(byPolicies("deny if arg_opaque($n);", OPAQUE), DenialCode.POLICY_DENIED);
    assertAllowed(byPolicies("deny if arg_opaque($n);", STATED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check all arg(\"note\", $v), $v !== \"bad\" or true;",
        "check all arg($n, $v), $v !== \"bad\" or true;",
        "bad($v) <- arg(\"note\", $v); check all bad($v), $v !== \"bad\" or true;",
      })
  void decide_tokenForbidsAValue_opaqueOneIsRefused(String datalog) {
    CallDecision decision = byToken(datalog, OPAQUE);

    assertDenied(decision, DenialCode.ARGUMENT_OPAQUE);
    assertThat(decision.explanation()).contains("block 1 of the token forbids values");
    assertAllowed(byToken(datalog, STATED));
    assertAllowed(
        byToken(datalog.replace("\"note\"", "\"blob\"").replace("$n", "\"blob\""), OPAQUE));
  }

  /** A rule of the one side may feed what the other side forbids. */
  @Test
  void decide_ruleInTheTokenAndDenyInThePolicies_isRefused() {
    String rule = "bad($v) <- arg(\"note\", $v);";

    assertDenied(
        decide(rule, "deny if bad(\"x\") trusting previous; allow if true;", OPAQUE),
        DenialCode.ARGUMENT_OPAQUE);
    assertDenied(
        decide("check all bad($v), $v !== \"x\" or true;", rule + "allow if true;", OPAQUE),
        DenialCode.ARGUMENT_OPAQUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          note.save where note = x
          note.save where note != x
          note.save where note matches ".*"
          note.save where note length <= 100
          note.save where note starts with c
          note.save where note in a, b
          """)
  void decide_grantConstrainsAnOpaqueArgument_isOutOfScope(String grant) {
    AgentToken granted =
        story.issuer.mint(Bare.of(story.delegation()).grant(grant).withoutExpiry());
    Verifier verifier = story.verifier().catalog(CATALOG).build();

    assertDenied(
        story.decide(verifier, granted, story.plannerKey, CATALOG.call("note.save", OPAQUE)),
        DenialCode.OUT_OF_SCOPE);
  }

  /** The name of an opaque argument is known. */
  @Test
  void decide_grantNamesTheArguments_opaqueOneIsAmongThem() {
    Verifier verifier = story.verifier().catalog(CATALOG).build();
    for (boolean fits : new boolean[] {true, false}) {
      AgentToken granted =
          story.issuer.mint(
              Bare.of(story.delegation())
                  .grant("note.save where only other" + (fits ? ", note" : ""))
                  .withoutExpiry());
      CallDecision decision =
          story.decide(verifier, granted, story.plannerKey, CATALOG.call("note.save", OPAQUE));
      assertThat(decision.allowed()).isEqualTo(fits);
    }
  }

  @Test
  void decide_severalOpaqueArguments_areAllNamed() {
    CallDecision decision =
        byPolicies(
            "deny if arg(\"blob\", $v);", "{\"note\":\"cafe\\u0301\",\"blob\":[\"\\u0000\"]}");

    assertDenied(decision, DenialCode.ARGUMENT_OPAQUE);
    assertThat(denied(decision).reason()).contains("what \"blob\", \"note\" holds");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"https://evil.example/\\u0000\"",
        "\"https://evil.example/cafe\\u0301\"",
        "\" https://evil.example/\\u0000\"",
        "\"ht\\ntps://evil.example/\\u0000\"",
        "\"https:/evil.example/\\u0000\"",
        "\"/etc/passwd\\u0000\"",
        "\"/cafe\\u0301\"",
      })
  void call_whatAForgivingReaderOpens_isNeverOpaque(String json) {
    assertThat(CATALOG.call("note.save", "{\"blob\":\"cafe\\u0301\"}").arguments().opaqueNames())
        .containsExactly("blob");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> CATALOG.call("note.save", "{\"blob\":" + json + "}"))
        .isInstanceOfSatisfying(
            dev.taper.TaperException.class,
            e ->
                assertThat(e.code())
                    .isIn(ErrorCode.INVALID_ARGUMENT_VALUE, ErrorCode.AMBIGUOUS_URL));
  }

  @Test
  void call_otherArgumentThatCannotBeStated_isRefused() {
    assertThrows(
        () -> CATALOG.call("note.save", "{\"other\":\"cafe\\u0301\"}"),
        ErrorCode.INVALID_ARGUMENT_VALUE);
  }

  // Numbers beyond the range of the facts that compare them

  /** A limit must not be passed by a number so large that it gives no fact of the kind. */
  @ParameterizedTest
  @ValueSource(strings = {"1e30", "9223372036854775808", "9223372036855.5", "1000000.0000001"})
  void decide_policiesForbidANumber_oneOutOfRangeIsRefused(String number) {
    String arguments = "{\"amount\":" + number + "}";
    for (String policies :
        new String[] {
          "deny if arg_decimal(\"amount\", $a), $a > 100000000;",
          "reject if arg(\"amount\", $a), $a > 100;",
          "check all arg_decimal($n, $a), $a <= 100000000 or true;",
          "big($a) <- arg_decimal($n, $a); deny if big(7);",
        }) {
      assertDenied(byPolicies(policies, arguments), DenialCode.ARGUMENT_OPAQUE);
      assertAllowed(byPolicies(policies, "{\"amount\":99}"));
    }
    assertAllowed(byPolicies("deny if arg_url(\"amount\", $s, $h, $p, $q);", arguments));
    assertAllowed(byPolicies("deny if arg_number(\"amount\", \"x\");", arguments));
    assertAllowed(byPolicies("deny if arg(\"other\", $v), $v === 5;", arguments));
    assertAllowed(byPolicies("", arguments));
  }

  /** One half more, or a number too large for decimals, must not pass a limit either. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          100.5          | deny if arg("amount", $a), $a > 100;
          100.5          | reject if arg("amount", $a), $a > 100;
          100.5          | big($a) <- arg("amount", $a), $a > 100; deny if big($a);
          9223372036855  | deny if arg_decimal("amount", $a), $a > 100000000;
          9223372036855  | check all arg_decimal($n, $a), $a <= 100000000;
          -9223372036855 | deny if arg_decimal("amount", $a), $a < 0;
          """)
  void decide_policiesForbidANumberByAFactThatItDoesNotHave_isRefused(
      String number, String policies) {
    assertDenied(byPolicies(policies, "{\"amount\":" + number + "}"), DenialCode.ARGUMENT_OPAQUE);
    assertAllowed(byPolicies(policies, "{\"amount\":99}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deny if arg($n, \"bad\");",
        "deny if arg_decimal(\"amount\", $a), $a > 100000000;",
        "check all arg_decimal($n, $a), $a <= 100000000;"
      })
  void decide_policiesForbidOtherValues_aFractionIsAllowed(String policies) {
    assertAllowed(byPolicies(policies, "{\"amount\":99.5}"));
  }

  /** The work is in proportion to the token: a chain of rules in the worst order is no trap. */
  @Test
  void forbidden_longChainOfRulesInTheWorstOrder_isFollowedOnce() {
    List<String> rules = new ArrayList<>();
    int length = 20_000;
    for (int i = length; i > 0; i--) {
      rules.add("p" + i + "($v) <- p" + (i - 1) + "($v);");
    }
    rules.add("p0($v) <- arg(\"note\", $v);");
    String code = String.join("\n", rules) + "deny if p" + length + "(\"x\");";

    assertThat(
            OpaqueArguments.forbidden(
                CATALOG.call("note.save", OPAQUE).arguments().unstated(),
                List.of(),
                Datalog.authorizer(code)))
        .isNotNull();
    assertThat(
            OpaqueArguments.forbidden(
                CATALOG.call("note.save", OPAQUE).arguments().unstated(),
                List.of(),
                Datalog.authorizer(code.replace("arg(\"note\"", "arg(\"other\""))))
        .isNull();
  }

  /** Datalog text has no predicates without terms; a token may have one all the same. */
  @Test
  void decide_predicateWithoutTerms_isAboutNoArgument() {
    Block holder = Datalog.block("holder(\"agent:researcher\"); check all tool($t);");
    Query any = holder.checks().get(0).queries().get(0);
    Query frozen = new Query(List.of(Predicate.of("frozen")), List.of(), List.of());
    Check check = new Check(Check.Kind.ALL, List.of(frozen, any));
    UnverifiedToken token =
        token(new Block(null, List.of(), holder.facts(), List.of(), List.of(check)));
    Verifier verifier = story.verifier().catalog(CATALOG).build();

    assertAllowed(
        Attack.present(
            story, verifier, token, story.researcherKey, CATALOG.call("note.save", OPAQUE)));
  }
}
