package dev.taper.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.Decision.FailedCheck;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PolicyPartTest {
  private static final Token TOKEN =
      Token.mint(PrivateKey.generate(Algorithm.ED25519), Datalog.block("role(\"admin\");"))
          .attenuate(Datalog.block("check if operation(\"read\");"));

  private static PolicySet.Part part(String name, String code) {
    return new PolicySet.Part(name, Datalog.authorizer(code));
  }

  private static Decision decide(String operation, PolicySet.Part... parts) {
    return PolicySet.of(List.of(parts))
        .authorize(TOKEN, Fact.of("operation", new Term.Str(operation)));
  }

  private static MatchedPolicy policy(Decision decision) {
    return Objects.requireNonNull(decision.policy());
  }

  @Test
  void authorize_parts_nameTheOneThatAllows() {
    Decision decision =
        decide(
            "read",
            part("none", ""),
            part("first", "deny if operation(\"write\"); deny if operation(\"drop\");"),
            part("second", "deny if operation(\"x\"); allow if true;"));

    assertThat(decision.allowed()).isTrue();
    assertThat(policy(decision).part()).isEqualTo("second");
    assertThat(policy(decision).index()).isEqualTo(1);
    assertThat(policy(decision).place()).isEqualTo("second, policy 1");
  }

  @Test
  void authorize_parts_nameTheOneThatDenies() {
    Decision decision =
        decide(
            "drop",
            part("first", "deny if operation(\"write\"); deny if operation(\"drop\");"),
            part("second", "allow if true;"));

    assertThat(decision.code()).isEqualTo(Decision.Code.POLICY_DENIED);
    assertThat(policy(decision).place()).isEqualTo("first, policy 1");
    assertThat(decision.explain().parts().get(1).part()).isEqualTo("first");
  }

  @Test
  void authorize_parts_nameThoseWhoseChecksFail() {
    Decision decision =
        decide(
            "write",
            part("first", "check if operation($o); check if role(\"guest\");"),
            part("second", "check if operation(\"list\"); allow if true;"));

    assertThat(decision.code()).isEqualTo(Decision.Code.CHECK_FAILED);
    assertThat(decision.failedChecks())
        .extracting(f -> f.place() + " " + f.index())
        .containsExactly("first 1", "second 0", "block 1 0");
    assertThat(decision.toString())
        .contains("second, policy 0: allow if true", "failed in first, check 1");
  }

  @Test
  void authorize_noPolicyMatches_explainsEachInItsPart() {
    Decision decision =
        decide("read", part("first", "allow if a(1);"), part("second", "allow if b(1);"));

    assertThat(decision.code()).isEqualTo(Decision.Code.NO_MATCHING_POLICY);
    assertThat(decision.explain().parts())
        .extracting(Explanation.Part::place)
        .containsExactly("first, policy 0", "second, policy 0");
  }

  @Test
  void authorize_defaultScope_isItsOwnPartsOnly() {
    PolicySet.Part strict =
        part(
            "strict",
            "trusting previous; seen($r) <- role($r); check if role($r) or seen($r);"
                + " deny if role($r);");
    PolicySet.Part open = part("open", "check if role(\"admin\"); allow if role($r);");

    assertThat(decide("read", strict, open).failedChecks())
        .extracting(FailedCheck::place)
        .containsExactly("strict");
    assertThat(policy(decide("read", strict, open)).part()).isEqualTo("open");
    assertThat(decide("read", open).allowed()).isTrue();
  }

  @Test
  void equals_sameCodeInOtherParts_isNotEqual() {
    PolicySet.Part part = part("a", "allow if true;");

    assertThat(PolicySet.of(List.of(part)))
        .isEqualTo(PolicySet.of(List.of(part)))
        .isNotEqualTo(PolicySet.of(List.of(part("b", "allow if true;"))))
        .isNotEqualTo(PolicySet.of(part.code()));
  }
}
