package dev.taper.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import dev.taper.token.Token;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an evaluation, a set of policies and an explanation say of themselves. */
class AuthorizationTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final RunLimits LIMITS = RunLimits.defaults().withMaxFacts(10_000);

  private static Token token(String authority) {
    return Token.mint(ROOT, Datalog.block(authority));
  }

  private static PolicySet policies(String code) {
    return PolicySet.of(Datalog.authorizer(code));
  }

  @Test
  void run_factsOfTheRequest_areInItsCodeAndAmongItsFacts() {
    Authorization run =
        policies("seen($x) <- user($x); allow if true")
            .authorizer(token("user(1)"))
            .facts(List.of(Datalog.fact("operation(\"read\")")))
            .facts(List.of(Datalog.fact("day(7)")))
            .run();

    assertThat(run.code().block().facts()).hasToString("[operation(\"read\"), day(7)]");
    assertThat(run.facts())
        .extracting(fact -> fact.fact().toString())
        .contains("user(1)", "operation(\"read\")", "day(7)", "seen(1)");
    assertThat(run.iterations()).isPositive();
    assertThat(run.stepsUsed()).isPositive();
    assertThat(run.blocks()).hasSize(1);
  }

  @Test
  void snapshot_ofARun_hasItsBlocksAndPolicies() {
    PolicySet set = policies("allow if user(1)");
    Snapshot snapshot =
        Snapshot.decode(set.authorizer(token("user(1)")).run().snapshot().encodeBase64());

    assertThat(snapshot.authorization(ExternFunctions.none()).blocks()).hasSize(1);
    assertThat(snapshot.policies()).isEqualTo(set.code().policies());
  }

  /** A token and a service take as many steps each, where neither may learn of the other. */
  @Test
  void run_confidentialSet_countsTheStepsOfTheTokenAndOfTheServiceApart() {
    PolicySet set = policies(pairs("b", "q") + "allow if true");
    Token token = token(pairs("a", "p"));
    long together = set.authorizer(token).limits(LIMITS).run().stepsUsed();
    RunLimits less = LIMITS.withMaxSteps(together * 3 / 4);

    assertThat(set.confidential(List.of()).authorizer(token).limits(less).run().decide().allowed())
        .isTrue();
    Refused.with(ErrorCode.TOO_MUCH_WORK, () -> set.authorizer(token).limits(less).run());
  }

  private static String pairs(String of, String into) {
    String rule = into + "($x, $y) <- " + of + "($x), " + of + "($y);";
    return IntStream.range(0, 20)
        .mapToObj(i -> of + "(" + i + ");")
        .collect(Collectors.joining("", "", rule));
  }

  @Test
  void scopedPart_amongOthers_keepsItsFactsChecksAndPolicies() {
    PolicySet set =
        PolicySet.of(
            List.of(
                new PolicySet.Part("first", Datalog.authorizer("check if day(7);")),
                new PolicySet.Part(
                    "scoped",
                    Datalog.authorizer(
                        "trusting previous; day(7); check if day(8); allow if day(7);"))));

    assertThat(set.code().block().facts()).hasToString("[day(7)]");
    Decision decision = set.authorize(token("user(1)"));
    assertThat(decision.policy()).isNotNull();
    assertThat(decision.failedChecks())
        .singleElement()
        .satisfies(failed -> assertThat(failed.place()).isEqualTo("scoped"));
  }

  @Test
  void sets_ofTheSameCode_areEqual() {
    PolicySet set = policies("allow if user(1)");
    PolicySet.Part part = new PolicySet.Part("a", Datalog.authorizer("allow if user(1);"));

    assertThat(set)
        .isEqualTo(policies("allow if user(1)"))
        .hasSameHashCodeAs(policies("allow if user(1)"));
    assertThat(set.hashCode()).isNotEqualTo(policies("allow if user(2)").hashCode());
    assertThat(set).isNotEqualTo(PolicySet.of(List.of(part)));
    assertThat(Provenance.of(List.of(part)).hashCode()).isNotEqualTo(Provenance.NONE.hashCode());
  }

  /** Very many long checks may fail. */
  @Test
  void explain_manyLongChecks_tellsTheFirstOnes() {
    String checks =
        IntStream.range(0, 400)
            .mapToObj(i -> "check if a(\"" + i + "x".repeat(1000) + "\");")
            .collect(Collectors.joining());

    List<Explanation.Part> parts =
        policies(checks + "allow if true").authorize(token("user(1)")).explain().parts();

    assertThat(parts.get(0).text()).startsWith("check if a(");
    assertThat(parts.get(399).text()).isEqualTo("…");
  }

  /** However long the facts before it are. */
  @Test
  void explain_factBehindLongOnes_isToldWhole() {
    String value = "\"" + "x".repeat(240) + "\"";
    String terms = String.join(", ", List.of(value, value, value, value, value));
    Decision decision =
        policies("allow if a(1, 1, 1, 1, 1)")
            .authorize(token("a(" + terms + "); a(2, 3, 4, 5, 6)"));

    assertThat(decision.explain().toString()).contains("xxx", "a(2, 3, 4, 5, 6)");
  }
}
