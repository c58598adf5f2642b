package dev.taper.policies.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Fact;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetLintTest {
  private static @Nullable SetWarning check(String... sources) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String source : sources) {
      all.put("p" + all.size(), source);
    }
    return PolicyLint.checkTogether(all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      value = {
        "check if tool(\"a\"); | check if tool(\"b\");",
        "check if tool(\"a\") or tool(\"b\"); | check if tool(\"c\") or tool(\"d\");",
        "check if tool($t), $t.starts_with(\"a.\"); | check if tool(\"b.c\");",
        "check if tool($t), $t.starts_with(\"a.\"); | check if tool($t), $t.starts_with(\"b.\");",
        "check if tool($t), [\"a\", \"b\"].contains($t); | check if tool($t), $t == \"c\";",
        "check if tool($t), {\"a\", \"b\"}.contains($t); | check if tool($t), !{\"a\", \"b\"}.contains($t);",
        "check if operation($o), $o == \"a\" || $o == \"b\"; | check if operation(\"c\");",
        "check if depth($d), $d < 2; | check all depth($d), 2 <= $d;",
        "check if time($t), $t < 2030-01-01T00:00:00Z; | check if time($t), $t > 2031-01-01T00:00:00Z;",
        "check if arg(\"n\", 1); | check if arg(\"n\", \"1\");",
        "check if arg(\"n\", $v), $v > 5; | check if arg(\"n\", $v), limit($v), $v < 5;",
        "check if arg_url($n, $s, $h, $p, $q), $n == \"u\", $s == \"https\"; | check if arg_url(\"u\", \"http\", $h, $p, $q);",
        "check if tool($t), allowed($t); | reject if tool($t);",
        "check if tool(\"a\"), ok(1); | reject if tool($t), [\"a\"].contains($t);",
        "check if tool(\"a\"); | deny if tool(\"a\"); allow if true;",
        "check if tool(\"a\"); | allow if tool(\"b\");",
        "deny if tool($t); | allow if tool($t), listed($t);",
        "reject if true; | allow if true;",
        "check if tool(\"a\"), 1 > 2; | allow if true;",
        "check if tool($t), resource($t); check if tool(\"a\"); | check if resource(\"b\");",
        "check if presented(\"held\") trusting previous; | check if presented(\"bearer\");",
      })
  void check_contradiction_isFound(String one, String other) {
    SetWarning found = Objects.requireNonNull(check(one, other));

    assertThat(found.warning().code()).isEqualTo("never_allows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      value = {
        "check if tool(\"a\"); | check if operation(\"b\");",
        "check if tool(\"a\") or tool(\"b\"); | check if tool(\"c\") or tool(\"b\");",
        "check if tool($t), $t.starts_with(\"a.\"); | check if tool($t), $t.starts_with(\"a.b.\");",
        // A set may be asked whether it holds another one.
        "check if arg(\"n\", $v), {1, 2}.contains($v); | check if arg(\"n\", $v), $v.length() == 2;",
        // Nothing says that a service has one limit only, nor one justification.
        "check if limit(1); | check if limit(2);",
        "check if justified_for(1); | check if justified_for(2);",
        "check if holder_verified(\"a\"); | check if holder_verified(\"b\");",
        "check if arg(\"n\", 1); | check if arg(\"m\", 2);",
        // Who states it does not say how often.
        "tool(\"b\"); check if tool(\"a\"); | check if tool(\"b\");",
        "tool($r) <- resource($r); check if tool(\"a\"); | check if tool(\"b\");",
        // A function of the service is anything.
        "check if tool($t), $t.extern::f(1); | check if tool(\"a\");",
        "check if true; | reject if tool(\"a\");",
        "check if ok($x); | reject if ok($x), $x > 1;",
        // What another scope sees is something else.
        "check if right(\"a\"); | reject if right(\"a\") trusting previous;",
        "deny if tool(\"a\"); | allow if tool($t);",
        "allow if tool(\"a\"); | deny if tool(\"a\");",
        "check if depth($d), $d <= 2; | check if depth($d), $d >= 2;",
      })
  void check_setThatCanAllow_isLeftAlone(String one, String other) {
    assertThat(check(one, other)).isNull();
  }

  @Test
  void check_manyAlternatives_isGivenUpAndFindsNothing() {
    StringBuilder alternatives = new StringBuilder("check if limit($x), other(0)");
    for (int i = 1; i < 10; i++) {
      alternatives.append(" or limit($x), other(").append(i).append(")");
    }
    String policy = (alternatives + ";").repeat(12);

    assertThat(check(policy + "check if tool(\"a\");", "check if tool(\"b\");")).isNull();
  }

  @Test
  void check_contradiction_namesOnlyWhatTakesPart() {
    SetWarning found =
        Objects.requireNonNull(
            check(
                "check if operation(\"read\");\ncheck if tool(\"a\");",
                "check if depth(0);\n  check if tool(\"b\");\ncheck if resource(\"r\");"));

    assertThat(found.policy()).isEqualTo("p1");
    assertThat(found.warning())
        .hasToString(
            "2:3: no call is ever allowed, as these never hold for one call:"
                + " p0: check if tool(\"a\"); p1: check if tool(\"b\") (never_allows)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"check if tool(\"a\"), 1 > 2;", "reject if true;", "deny if true;"})
  void check_oneThatRefusesEverything_isFound(String policy) {
    SetWarning found = Objects.requireNonNull(check(policy));

    assertThat(found.policy()).isEqualTo("p0");
    assertThat(found.warning().code()).isEqualTo("never_allows");
    assertThat(found.warning().toString()).contains("no call is ever allowed, as this never holds");
    SetWarning behind = Objects.requireNonNull(check("check if tool(\"a\");", policy));
    assertThat(behind.policy()).isEqualTo("p1");
    assertThat(behind.warning().code()).isEqualTo("never_allows");
  }

  /** What is taken to be stated once is what a verifier refuses to state twice, or states once. */
  @Test
  void statedOnce_factsOfACall_areOneForEachKey() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    CallFacts facts =
        ToolCall.of("t")
            .operation("o")
            .on("r:1")
            .arg("n", 1)
            .arg("m", 2)
            .arg("u", "https://acme.com/")
            .arg("v", "https://acme.com/")
            .arg("p", "/data")
            .facts()
            .time(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
            .audience("svc:a")
            .depth(1)
            .delegation(0, "agent:a", key.publicKey())
            .delegation(1, "agent:b", key.publicKey())
            .invoker("agent:a")
            .approvers(List.of(key.publicKey()));
    Set<List<Object>> seen = new HashSet<>();
    for (Fact fact : facts.list()) {
      String name = fact.predicate().name();
      int keys = Objects.requireNonNull(Conjunction.STATED_ONCE.get(name), name);
      List<Object> one = new ArrayList<>(List.of(name));
      one.addAll(fact.predicate().terms().subList(0, keys));
      assertThat(seen.add(one)).as(fact.toString()).isTrue();
    }
  }
}
