package dev.taper.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.Decision.MatchedPolicy;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizerTest {
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);

  private static Token token(String authority, String... blocks) {
    Token token = Token.mint(ROOT, Datalog.block(authority));
    for (String block : blocks) {
      token = token.attenuate(Datalog.block(block));
    }
    return token;
  }

  private static PolicySet policies(String code) {
    return PolicySet.of(Datalog.authorizer(code));
  }

  @ParameterizedTest(name = "{0} with the check {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          allow if true                | true  | ALLOWED            | ALLOW | 0 |
          allow if true                | false | CHECK_FAILED       | ALLOW | 0 | 1
          deny if true                 | true  | POLICY_DENIED      | DENY  | 0 |
          deny if true                 | false | POLICY_DENIED      | DENY  | 0 | 1
          deny if false; allow if true | true  | ALLOWED            | ALLOW | 1 |
          allow if true; deny if true  | true  | ALLOWED            | ALLOW | 0 |
          deny if true; allow if true  | true  | POLICY_DENIED      | DENY  | 0 |
          allow if false               | true  | NO_MATCHING_POLICY |       |   |
          allow if false               | false | NO_MATCHING_POLICY |       |   | 1
          """)
  void authorize_policyAndCheck_decideTogether(
      String policies,
      boolean check,
      Decision.Code code,
      Policy.Kind kind,
      Integer index,
      Integer failed) {
    Token token = token("user(1)", "check if " + check);

    Decision decision = policies(policies).authorize(token);

    assertThat(decision.code()).isEqualTo(code);
    assertThat(decision.allowed()).isEqualTo(code == Decision.Code.ALLOWED);
    MatchedPolicy policy = decision.policy();
    assertThat(policy == null ? null : policy.kind()).isEqualTo(kind);
    assertThat(policy == null ? null : policy.index()).isEqualTo(index);
    assertThat(decision.failedChecks()).hasSize(failed == null ? 0 : failed);
  }

  @Test
  void authorize_noPolicy_refuses() {
    assertThat(policies("").authorize(token("user(1)")).code())
        .isEqualTo(Decision.Code.NO_MATCHING_POLICY);
  }

  @Test
  void authorize_failedChecksEverywhere_areListedInOrder() {
    Token token = token("check if a(0)", "check if b(0); check if true; check if b(1)");

    Decision decision = policies("check if c(0); allow if true").authorize(token);

    assertThat(decision.failedChecks())
        .extracting(f -> f.place() + " #" + f.index() + " " + f.text())
        .containsExactly(
            "authorizer #0 check if c(0)",
            "block 0 #0 check if a(0)",
            "block 1 #0 check if b(0)",
            "block 1 #2 check if b(1)");
    assertThat(decision.toString())
        .isEqualTo(
            """
            check_failed
              policy 0: allow if true
              failed in authorizer, check 0: check if c(0)
              failed in block 0, check 0: check if a(0)
              failed in block 1, check 0: check if b(0)
              failed in block 1, check 2: check if b(1)""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          deny if 9223372036854775807 + 1 > 0; allow if true  | OVERFLOW
          deny if 1 / 0 == 1; allow if true                   | DIVISION_BY_ZERO
          deny if 1 === "1"; allow if true                    | INVALID_TYPE
          deny if 1.extern::unknown(); allow if true          | UNDEFINED_EXTERN
          """)
  void authorize_denyThatCannotBeEvaluated_throws(String policies, ErrorCode code) {
    assertThatThrownBy(() -> policies(policies).authorize(token("user(1)")))
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void time_clock_isSuppliedInWholeSeconds() {
    Clock clock = Clock.fixed(Instant.parse("2026-11-24T12:00:00.999Z"), ZoneOffset.UTC);
    Token token = token("user(1)", "check if time($t), $t < 2026-11-24T12:00:01Z");

    Authorization result = policies("allow if true").authorizer(token).time(clock).run();

    assertThat(result.decide().allowed()).isTrue();
    assertThat(result.query(Datalog.rule("now($t) <- time($t)")))
        .containsExactly(Datalog.fact("now(2026-11-24T12:00:00Z)"));
  }

  @Test
  void query_factOfLaterBlock_isOnlySeenByQueryAll() {
    Token token = token("user(1)", "user(2)");

    Authorization result = policies("allow if true").authorizer(token).run();

    assertThat(result.query(Datalog.rule("u($x) <- user($x)")))
        .containsExactly(Datalog.fact("u(1)"));
    assertThat(result.queryAll(Datalog.rule("u($x) <- user($x)")))
        .containsExactlyInAnyOrder(Datalog.fact("u(1)"), Datalog.fact("u(2)"));
  }

  @Test
  void externs_registered_areCalled() {
    ExternFunctions externs =
        ExternFunctions.of(Map.of("same", (left, right) -> new Term.Bool(left.equals(right))));

    Decision decision =
        policies("allow if 1.extern::same(1)").authorizer().externs(externs).authorize();

    assertThat(decision.allowed()).isTrue();
  }

  @Test
  void limits_exceeded_throw() {
    PolicySet policies = policies("n($y) <- n($x), $y > 0, m($y); n(1); m(2); allow if true");
    RunLimits limits = RunLimits.defaults().withMaxFacts(2);

    assertThatThrownBy(() -> policies.authorizer().limits(limits).run())
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_FACTS));
  }

  @Test
  void of_unsafeRule_isRefused() {
    assertThatThrownBy(() -> policies("a($x) <- b($y)"))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATALOG));
  }

  @Test
  void policySet_sharedByThreads_decidesEachRequestForItself() throws Exception {
    PolicySet policies = policies("allow if n($x), limit($y), $x <= $y");
    Token token = token("limit(50)");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 800; i++) {
        Fact fact = Fact.of("n", new Term.Int(i % 100));
        results.add(threads.submit(() -> policies.authorize(token, fact).allowed()));
      }
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).as("n = %d", i % 100).isEqualTo(i % 100 <= 50);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void explain_failedChecksAndPolicies_sayWhatWasMissing() {
    Token token =
        token(
            "right(\"file1\", \"read\")",
            "right(\"file2\", \"read\"); check if operation(\"read\")",
            "check if resource($r), $r.starts_with(\"file2\")");
    PolicySet policies =
        policies("allow if resource($r), operation($o), right($r, $o); allow if admin(true)");

    Decision decision =
        policies.authorize(
            token, Datalog.fact("resource(\"file1\")"), Datalog.fact("operation(\"write\")"));

    assertThat(decision.explain().toString())
        .isEqualTo(
            """
            no_matching_policy
              ✗ block 1, check 0: check if operation("read")
                  no fact matches operation("read"); there is operation("write")
              ✗ block 2, check 0: check if resource($r), $r.starts_with("file2")
                  it is not true that $r.starts_with("file2"), where $r = "file1"
              ✗ policy 0: allow if resource($r), operation($o), right($r, $o)
                  no fact matches right($r, $o); there is right("file1", "read"); not trusted here:\
             right("file2", "read") from block 1, where $r = "file1", $o = "write"
              ✗ policy 1: allow if admin(true)
                  no fact matches admin(true)""");
  }

  @Test
  void explain_denyAndReject_sayWhatMatched() {
    Token token = token("check if true", "reject if operation($o), $o == \"write\"");

    Decision decision =
        policies("deny if resource($r), $r.ends_with(\"1\")")
            .authorize(
                token, Datalog.fact("resource(\"file1\")"), Datalog.fact("operation(\"write\")"));

    assertThat(decision.explain().toString())
        .isEqualTo(
            """
            policy_denied
              ✗ block 1, check 0: reject if operation($o), $o == "write"
                  matches: operation($o), $o == "write", where $o = "write"
              ✗ policy 0: deny if resource($r), $r.ends_with("1")
                  matches: resource($r), $r.ends_with("1"), where $r = "file1\"""");
  }

  @Test
  void confidential_sameNamesAgain_isOneForm() {
    PolicySet policies = policies("allow if true");

    PolicySet form = policies.confidential(List.of("a", "b"));

    assertThat(policies.confidential(List.of("b", "a"))).isSameAs(form);
    assertThat(policies.confidential(List.of("a"))).isNotSameAs(form);
  }
}
