package dev.taper.policies.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.policies.Policies;
import dev.taper.token.Token;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyLintTest {
  static List<String> names() {
    return Policies.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void check_library_findsNothing(String name) {
    assertThat(PolicyLint.check(Policies.source(name))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow if tool(\"a\") ope(1);                     | syntax               | 1:20",
        "allow if $x > 1;                                 | invalid_datalog      | 1:10",
        "r($x) <- tool($y); allow if r(1);                | invalid_datalog      | 1:3",
        "allow if true; allow if tool(\"a\");             | unreachable          | 1:16",
        "deny if true; deny if tool(\"a\");               | unreachable          | 1:15",
        "allow if true; deny if tool(\"a\");              | deny_after_allow_all | 1:16",
        "allow if tool($x); allow if tool(\"a\");         | unreachable          | 1:20",
        "allow if depth($a), $a < 3;deny if depth($b), $b < 3, tool(\"x\"); | unreachable | 1:28",
        "check if tool($t) or tool(\"a\");                | unreachable          | 1:22",
        "check all tool($t) or tool($t);                  | unreachable          | 1:23",
        "check if operaton(\"read\");                     | unknown_predicate    | 1:10",
        "check if allowed(\"read\");                      | unknown_predicate    | 1:10",
        "check if tool($t, $u);                           | wrong_arity          | 1:10",
        "check if time($t, 1), arg($a);                   | wrong_arity          | 1:10",
        "check if depth(\"1\");                           | wrong_type           | 1:10",
        "check if approvers(\"ed25519/aa\");              | wrong_type           | 1:10",
        "tool(\"jira.get\"); allow if true;               | reserved_predicate   | 1:1",
        "tool($r) <- resource($r); allow if true;         | reserved_predicate   | 1:1",
        "check if tool($t), $t.matches(\"(?=a)\");        | invalid_regex        | 1:20",
        "check if tool($t), !($t.matches(\"[\"));         | invalid_regex        | 1:22",
        "check if arg_names($n), $n.any($x -> $x.matches(\"(\")); | invalid_regex | 1:38",
        "check if tool($t), $t.matches(\"^[a-z&&b]\");    | regex_dialect        | 1:20",
        "reject if tool(\"a\") or operation(\"b\");       | reject_alternatives  | 1:1",
      })
  void check_mistake_isFoundInItsPlace(String policy, String code, String place) {
    LintWarning first = PolicyLint.check(policy.strip()).get(0);

    assertThat(first.code()).isEqualTo(code);
    assertThat(first.line() + ":" + first.column()).isEqualTo(place);
  }

  @Test
  void check_misspeltName_suggestsTheNearest() {
    assertThat(PolicyLint.check("// allowed_tool(string)\ncheck if alowed_tool($t), tol($t);"))
        .extracting(LintWarning::hint)
        .containsExactly("did you mean allowed_tool?", "did you mean tool?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "// Needs: limit(currency, millionths) from the service.\ncheck if limit($c, $l);",
        "limit(1); check if limit($l);",
        "limit($d) <- depth($d); check if limit($l);",
        "check if delegator($d), task($t), holder($h);",
        "allow if tool(\"a\"); deny if tool($t);",
        "allow if tool($t), arg(\"n\", $t); allow if tool($t), arg(\"n\", $u);",
        "deny if tool(\"a\"); allow if true;",
        "check all depth($d), $d < 2 or depth($d), $d < 2, tool(\"a\");",
        "check if depth($d), $d < 2 or depth($d), $d < 3;",
        "check if tool($t) trusting previous or tool(\"a\");",
        "check if tool($t), $t.matches(\"^[a-z.]+$\");",
      })
  void check_soundPolicy_findsNothing(String policy) {
    assertThat(PolicyLint.check(policy)).isEmpty();
  }

  @Test
  void vocabulary_verifiersFacts_areAllOfThem() {
    assertThat(Vocabulary.VERIFIER.keySet())
        .containsExactlyInAnyOrderElementsOf(CallFacts.reserved());
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    ToolCall call =
        ToolCatalog.parse(
                "{\"format\":\"taper/1 catalog\",\"audience\":\"svc:a\",\"tools\":{\"t\":"
                    + "{\"operation\":\"o\",\"arguments\":{\"q\":{\"type\":\"any\",\"opaque\":true}}}}}")
            .call("t", "{\"q\":\"a\\u0000\"}");
    CallFacts facts =
        ToolCall.of("t")
            .operation("o")
            .on("r:1")
            .arg("n", 1)
            .argJson("d", "0.5")
            .arg("u", "https://10.0.0.1/")
            .argJson("l", "[\"https://acme.com/\"]")
            .arg("p", "/data")
            .facts()
            .and(call.facts())
            .time(clock)
            .audience("svc:a")
            .depth(0)
            .delegation(0, "agent:a", key.publicKey())
            .invoker("agent:a")
            .presented(Token.Kind.HELD)
            .holderVerified("agent:a")
            .justified("t", "why", Duration.ofMinutes(1))
            .approvers(List.of(key.publicKey()))
            .approvedBy("finance", List.of("user:boss"))
            .budgetStore("acme");
    Set<String> seen = new HashSet<>();
    for (Fact fact : facts.list()) {
      List<String> types = Objects.requireNonNull(Vocabulary.VERIFIER.get(fact.predicate().name()));
      List<Term> terms = fact.predicate().terms();
      assertThat(types).hasSameSizeAs(terms);
      for (int i = 0; i < terms.size(); i++) {
        assertThat(Vocabulary.fits(terms.get(i), types.get(i))).as(fact.toString()).isTrue();
      }
      seen.add(fact.predicate().name());
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(CallFacts.reserved());
  }
}
