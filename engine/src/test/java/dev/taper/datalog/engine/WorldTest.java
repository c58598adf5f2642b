package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Rule.UnsafeRuleException;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldTest {
  private static final String K1 = "ed25519/" + "01".repeat(32);
  private static final String K2 = "ed25519/" + "02".repeat(32);

  @Test
  void decide_attenuatedToken_allowsAndDenies() {
    TokenProgram token =
        Tokens.token(
            "right(\"file1\", \"read\"); right(\"file2\", \"read\"); right(\"file1\", \"write\");",
            "check if resource($0), operation(\"read\"), right($0, \"read\");");
    World allowed =
        Tokens.run(token, "allow if true;", "resource(\"file1\")", "operation(\"read\")");
    assertThat(allowed.decide().allowed()).isTrue();
    World denied =
        Tokens.run(token, "allow if true;", "resource(\"file1\")", "operation(\"write\")");
    Evaluation evaluation = denied.decide();
    assertThat(evaluation.allowed()).isFalse();
    assertThat(evaluation.policyIndex()).isZero();
    assertThat(evaluation.failedChecks())
        .singleElement()
        .satisfies(c -> assertThat(c.block()).isEqualTo(1));
    assertThat(denied.facts()).hasSize(5);
  }

  /** Blocks: 0 authority, 1 first-party, 2 and 3 signed by K1, 4 by K2; each has a fact f(i). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0 | | | 0 62",
        "1 | | | 0 1 62",
        "2 | | | 0 2 62",
        "4 | | | 0 4 62",
        "62 | | | 0 62",
        "0 | | previous | 0 62",
        "1 | | previous | 0 1 62",
        "3 | | previous | 0 1 2 3 62",
        "62 | | previous | 62",
        "3 | | authority | 0 3 62",
        "62 | | authority | 0 62",
        "1 | | K1 | 1 2 3 62",
        "1 | | K2 | 1 4 62",
        "1 | | K1, K2 | 1 2 3 4 62",
        "1 | | authority, K2 | 0 1 4 62",
        "2 | | K1 | 2 3 62",
        "4 | | previous, K2 | 0 1 2 3 4 62",
        "62 | | K1 | 2 3 62",
        "62 | | authority, K1, K2 | 0 2 3 4 62",
        "62 | | previous, K2 | 4 62",
        "1 | K1 | | 1 2 3 62",
        "3 | previous | | 0 1 2 3 62",
        "3 | previous | authority | 0 3 62",
        "3 | authority | K2 | 3 4 62",
        "62 | K1 | | 2 3 62",
        "62 | K1 | authority | 0 62",
        "62 | authority, previous | | 0 62",
      })
  void run_scopes_trustAsDocumented(
      int place, String blockScopes, String ruleScopes, String visible) {
    String rule = "seen($x) <- f($x)" + trusting(" trusting ", ruleScopes) + ";";
    List<BlockProgram> blocks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String code = "f(" + i + ");";
      blocks.add(
          BlockProgram.compile(
              Datalog.block(
                  i == place ? trusting("trusting ", blockScopes, ";") + code + rule : code)));
    }
    String own = place == Origin.AUTHORIZER ? trusting("trusting ", blockScopes, ";") : "";
    AuthorizerProgram authorizer =
        Tokens.authorizer(
            own + "f(62);" + (place == Origin.AUTHORIZER ? rule : "") + "allow if true;");
    TokenProgram token =
        TokenProgram.link(blocks, Arrays.asList(null, null, key(1), key(1), key(2)));
    World world =
        World.run(token, authorizer, List.of(), ExternFunctions.none(), RunLimits.defaults());
    List<String> seen = new ArrayList<>();
    for (OriginFact derived : world.derivedFacts()) {
      Term value = derived.fact().predicate().terms().get(0);
      seen.add(value.toString());
      int number = (int) ((Term.Int) value).value();
      assertThat(derived.origin().mask()).isEqualTo(1L << place | 1L << number);
    }
    assertThat(String.join(" ", seen)).isEqualTo(visible);
  }

  private static String trusting(String keyword, String scopes, String... end) {
    return scopes == null
        ? ""
        : keyword + scopes.replace("K1", K1).replace("K2", K2) + String.join("", end);
  }

  private static PublicKey key(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return PublicKey.of(Algorithm.ED25519, bytes);
  }

  @Test
  void decide_matrix_followsPolicyAndChecks() {
    TokenProgram failing = Tokens.token("check if false; check if true; check if nothing(1);");
    Evaluation allow = Tokens.run(failing, "check if false; allow if true;").decide();
    assertThat(allow.allowed()).isFalse();
    assertThat(allow.policyIndex()).isZero();
    assertThat(allow.failedChecks())
        .extracting(Evaluation.FailedCheck::block)
        .containsExactly(Origin.AUTHORIZER, 0, 0);
    assertThat(allow.failedChecks())
        .extracting(Evaluation.FailedCheck::isAuthorizer)
        .containsExactly(true, false, false);
    assertThat(allow.failedChecks())
        .extracting(Evaluation.FailedCheck::index)
        .containsExactly(0, 0, 2);
    Evaluation none = Tokens.run(failing, "allow if false;").decide();
    assertThat(none.policy()).isNull();
    assertThat(none.policyIndex()).isEqualTo(-1);
    assertThat(none.allowed()).isFalse();
    Evaluation deny = Tokens.run(Tokens.token("a(1);"), "deny if a(1); allow if true;").decide();
    assertThat(deny.allowed()).isFalse();
    assertThat(deny.policyIndex()).isZero();
    Evaluation second =
        Tokens.run(Tokens.token("a(1);"), "deny if a(2) or a(3); allow if b(1) or a(1);").decide();
    assertThat(second.allowed()).isTrue();
    assertThat(second.policyIndex()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check if a($x), $x > 2 | true",
        "check if a($x), $x > 3 | false",
        "check if b(1) or a(1) | true",
        "check all a($x), $x > 0 | true",
        "check all a($x), $x > 1 | false",
        "check all b($x), $x > 0 | false",
        "check all b($x) or a($x), $x > 0 | true",
        "check all true | true",
        "check all false | false",
        "reject if a($x), $x > 3 | true",
        "reject if a($x), $x > 2 | false",
        "reject if b(1) or a(1) | false",
        "reject if a(1) or b(1) | false",
        "reject if b(1) or b(2) | true",
        "reject if true | false",
        "check if a($x), a($x) | true",
        "check if p($x, $x) | true",
        "check if p($x, $y), $x != $y, p($y, $x) | false",
        "check if p(1) | false",
        "check if p($x, $y, $z) | false",
        "check if p($x, 2, 3, 4, 5) | false",
      })
  void decide_kindsOfChecks_holdOrFail(String check, boolean holds) {
    TokenProgram token = Tokens.token("a(1); a(2); a(3); p(1, 2); p(2, 2);" + check + ";");
    assertThat(Tokens.run(token, "allow if true;").decide().allowed()).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$s.contains(1) | true",
        "$s.contains(3) | false",
        "$s.contains({1, 2}) | true",
        "$s.contains({1, 3}) | false"
      })
  void decide_setOfAFact_containsItsElements(String condition, boolean holds) {
    TokenProgram token = Tokens.token("s({1, 2}); check if s($s), " + condition + ";");
    assertThat(Tokens.run(token, "allow if true;").decide().allowed()).isEqualTo(holds);
  }

  @Test
  void decide_errorInLaterFact_onlyIfReached() {
    TokenProgram first = Tokens.token("a(1); a(0); check if a($x), 1 / $x == 1;");
    assertThat(Tokens.run(first, "allow if true;").decide().allowed()).isTrue();
    TokenProgram second = Tokens.token("a(0); a(1); check if a($x), 1 / $x == 1;");
    World world = Tokens.run(second, "allow if true;");
    assertCode(world::decide, ErrorCode.DIVISION_BY_ZERO);
    TokenProgram filtered = Tokens.token("a(0); a(1); check if a($x), $x != 0, 1 / $x == 1;");
    assertThat(Tokens.run(filtered, "allow if true;").decide().allowed()).isTrue();
    TokenProgram unmatched = Tokens.token("a(0); check if a($x), b($x), 1 / $x == 1;");
    assertThat(Tokens.run(unmatched, "allow if true;").decide().allowed()).isFalse();
  }

  @Test
  void decide_denyThatCannotBeEvaluated_letsNothingThrough() {
    World world = Tokens.run(Tokens.token("a(0);"), "deny if a($x), 1 / $x == 1; allow if true;");
    assertCode(world::decide, ErrorCode.DIVISION_BY_ZERO);
    World notBoolean = Tokens.run(Tokens.token("a(0);"), "deny if a($x), $x; allow if true;");
    assertCode(notBoolean::decide, ErrorCode.INVALID_TYPE);
  }

  @Test
  void run_noToken_authorizerAlone() {
    World world = Tokens.run(null, "b($x) <- a($x); check if b(1); allow if b(2);", "a(1)", "a(2)");
    assertThat(world.decide().allowed()).isTrue();
    assertThat(world.iterations()).isEqualTo(1);
    assertThat(world.facts().toString())
        .isEqualTo(
            "[OriginFact[origin=authorizer, fact=a(1)], OriginFact[origin=authorizer, fact=a(2)],"
                + " OriginFact[origin=authorizer, fact=b(1)],"
                + " OriginFact[origin=authorizer, fact=b(2)]]");
  }

  @Test
  void facts_duplicates_countOncePerOrigin() {
    TokenProgram token = Tokens.token("a(1); a(1);", "a(1); b(1);");
    World world = Tokens.run(token, "a(1); a(2); allow if true;", "a(2)", "c(1)", "a(3)", "c(1)");
    assertThat(world.facts())
        .extracting(f -> f.origin() + " " + f.fact())
        .containsExactly(
            "0 a(1)",
            "1 a(1)",
            "1 b(1)",
            "authorizer a(1)",
            "authorizer a(2)",
            "authorizer c(1)",
            "authorizer a(3)");
    assertThat(world.factCount()).isEqualTo(7);
    assertThat(world.derivedFacts()).isEmpty();
  }

  @Test
  void query_trustedOrAll_distinctInOrder() {
    TokenProgram token = Tokens.token("a(2); a(1);", "a(3); a(1); b($x) <- a($x);");
    World world = Tokens.run(token, "allow if true;", "a(9)", "late(7)");
    assertThat(query(world, "q($x) <- a($x)", QueryScope.TRUSTED)).isEqualTo("[q(2), q(1), q(9)]");
    assertThat(query(world, "q($x) <- a($x)", QueryScope.ALL))
        .isEqualTo("[q(2), q(1), q(3), q(9)]");
    assertThat(query(world, "q($x) <- b($x)", QueryScope.TRUSTED)).isEqualTo("[]");
    assertThat(query(world, "q($x) <- late($x)", QueryScope.TRUSTED)).isEqualTo("[q(7)]");
    assertThat(query(world, "q($x) <- nowhere($x)", QueryScope.ALL)).isEqualTo("[]");
    assertThat(query(world, "q($x, 0) <- a($x), $x < 3 trusting authority", QueryScope.ALL))
        .isEqualTo("[q(2, 0), q(1, 0)]");
    assertThat(query(world, "q($x) <- a($x) trusting previous", QueryScope.ALL))
        .isEqualTo("[q(9)]");
    assertCode(
        () -> query(world, "q($x) <- a($x), 1 / 0 == $x", QueryScope.ALL),
        ErrorCode.DIVISION_BY_ZERO);
  }

  private static String query(World world, String rule, QueryScope scope) {
    return world.query(Datalog.rule(rule), scope).toString();
  }

  @Test
  void compile_unsafeRule_refusedWithItsText() {
    var rule =
        new Rule(
            Predicate.of("operation", new Term.Variable("unbound"), new Term.Str("read")),
            Datalog.check("check if operation($any1, $any2)").queries().get(0));
    var block = Block.builder().rule(rule).build();
    String text = "operation($unbound, \"read\") <- operation($any1, $any2)";
    assertThatThrownBy(() -> BlockProgram.compile(block))
        .isInstanceOfSatisfying(
            UnsafeRuleException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_BLOCK_RULE);
              assertThat(e.rule()).isEqualTo(text);
              assertThat(e).hasMessageContaining(text);
            });
    var code = new AuthorizerCode(block, List.of());
    assertCode(() -> AuthorizerProgram.compile(code), ErrorCode.INVALID_DATALOG);
    World world = Tokens.run(Tokens.token("a(1);"), "allow if true;");
    assertCode(() -> world.query(rule, QueryScope.ALL), ErrorCode.INVALID_DATALOG);
  }

  @Test
  void link_impossibleTokens_refused() {
    BlockProgram block = BlockProgram.compile(Datalog.block("a(1);"));
    assertCode(() -> TokenProgram.link(List.of(), List.of()), ErrorCode.INVALID_ARGUMENT);
    assertCode(() -> TokenProgram.link(List.of(block), List.of()), ErrorCode.INVALID_ARGUMENT);
    assertCode(
        () -> TokenProgram.link(List.of(block), List.of(key(1))), ErrorCode.INVALID_ARGUMENT);
    List<BlockProgram> most = Collections.nCopies(Origin.MAX_BLOCKS, block);
    TokenProgram largest = TokenProgram.link(most, Collections.nCopies(Origin.MAX_BLOCKS, null));
    assertThat(Tokens.run(largest, "allow if true;").facts()).hasSize(62);
    assertThat(largest.size()).isEqualTo(Origin.MAX_BLOCKS);
    assertThat(largest.first(3).size()).isEqualTo(3);
    assertThat(largest.first(3).block(2)).isEqualTo(block.block());
    List<BlockProgram> more = Collections.nCopies(Origin.MAX_BLOCKS + 1, block);
    assertCode(
        () -> TokenProgram.link(more, Collections.nCopies(Origin.MAX_BLOCKS + 1, null)),
        ErrorCode.DECODE_LIMIT);
  }

  @Test
  void run_deepRequestFact_refused() {
    Term deep = new Term.Int(1);
    for (int i = 0; i < Term.MAX_DEPTH; i++) {
      deep = new Term.Array(List.of(deep));
    }
    List<Fact> facts = List.of(Fact.of("deep", deep));
    assertCode(
        () ->
            World.run(
                null,
                Tokens.authorizer("allow if true;"),
                facts,
                ExternFunctions.none(),
                RunLimits.defaults()),
        ErrorCode.INVALID_DATALOG);
  }

  @Test
  void restore_factsOfARun_sameWorldWithoutRules() {
    TokenProgram token = Tokens.token("a(1); a(2); b($x) <- a($x);", "check if c(1);");
    String code = "c($x) <- b($x); allow if c(2);";
    World run = Tokens.run(token, code, "d(1)");
    World restored = restore(token, code, run.derivedFacts());
    assertThat(restored.facts()).isEqualTo(run.facts());
    assertThat(restored.derivedFacts()).isEqualTo(run.derivedFacts());
    assertThat(restored.iterations()).isEqualTo(run.iterations());
    assertThat(restored.decide()).isEqualTo(run.decide());
    assertThat(restored.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(1));
    World again = restore(token, code, run.facts());
    assertThat(again.facts()).containsExactlyInAnyOrderElementsOf(run.facts());
    assertThat(restore(token, code, List.of()).decide().allowed()).isFalse();
    OriginFact alien = new OriginFact(Origin.of(List.of(0, 7)), Fact.of("c", new Term.Int(2)));
    assertCode(() -> restore(token, code, List.of(alien)), ErrorCode.INVALID_ARGUMENT);
    OriginFact secret =
        new OriginFact(new Origin(Origin.SERVICE_BIT), Fact.of("c", new Term.Int(2)));
    assertCode(() -> restore(token, code, List.of(secret)), ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void restore_impossibleRun_refused() {
    assertCode(() -> restore(-1, Duration.ZERO), ErrorCode.INVALID_ARGUMENT);
    assertCode(() -> restore(0, Duration.ofNanos(-1)), ErrorCode.INVALID_ARGUMENT);
    assertThat(restore(0, Duration.ZERO).decide().allowed()).isTrue();
  }

  @Test
  void restore_timeWasUsedUp_timesOut() {
    assertCode(restore(1, Duration.ofMinutes(1))::decide, ErrorCode.TIMEOUT);
    assertCode(restore(1, Duration.ofSeconds(Long.MAX_VALUE))::decide, ErrorCode.TIMEOUT);
  }

  @Test
  void restore_factsOfBlocks_takenFromThoseOfTheToken() {
    for (int blocks = 1; blocks <= 5; blocks++) {
      TokenProgram token =
          Tokens.token(Collections.nCopies(blocks, "a(1);").toArray(new String[0]));
      for (int block = 0; block <= 6; block++) {
        OriginFact fact = new OriginFact(Origin.of(List.of(block)), Fact.of("c", new Term.Int(2)));
        if (block < blocks) {
          assertThat(restore(token, "allow if true;", List.of(fact)).derivedFacts())
              .containsExactly(fact);
        } else {
          assertCode(
              () -> restore(token, "allow if true;", List.of(fact)), ErrorCode.INVALID_ARGUMENT);
        }
      }
    }
  }

  private static World restore(int iterations, Duration elapsed) {
    return restore(null, "allow if true;", List.of(), iterations, elapsed);
  }

  private static World restore(TokenProgram token, String code, List<OriginFact> generated) {
    return restore(token, code, generated, 2, Duration.ofMillis(1));
  }

  private static World restore(
      @Nullable TokenProgram token,
      String code,
      List<OriginFact> generated,
      int iterations,
      Duration elapsed) {
    return World.restore(
        token,
        Tokens.authorizer(code),
        List.of(Datalog.fact("d(1)")),
        generated,
        iterations,
        elapsed,
        ExternFunctions.none(),
        RunLimits.defaults().withMaxTime(Duration.ofMinutes(1)));
  }

  @Test
  void run_programsSharedByThreads_sameResultEverywhere() throws Exception {
    StringBuilder large = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      large.append("edge(").append(i % 13).append(", ").append(i * 7 % 17).append(");");
    }
    TokenProgram token =
        Tokens.token(
            large + "path($x, $y) <- edge($x, $y);",
            "check if seen($x), edge($y, $x), edge($x, $z), $y !== $z;");
    List<AuthorizerProgram> authorizers =
        List.of(
            Tokens.authorizer("path($x, $z) <- path($x, $y), edge($y, $z); allow if path(1, 7);"),
            Tokens.authorizer("other(1); allow if edge($x, $y), path($y, $x), other($x);"));
    List<String> expected = new ArrayList<>();
    for (AuthorizerProgram authorizer : authorizers) {
      expected.add(result(token, authorizer));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int offset = t;
        tasks.add(
            () -> {
              for (int i = 0; i < 200; i++) {
                int which = (offset + i) % 2;
                if (!result(token, authorizers.get(which)).equals(expected.get(which))) {
                  return false;
                }
              }
              return true;
            });
      }
      for (Future<Boolean> same : threads.invokeAll(tasks)) {
        assertThat(same.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String result(TokenProgram token, AuthorizerProgram authorizer) {
    List<Fact> facts = List.of(Datalog.fact("seen(3)"), Datalog.fact("edge(3, 99)"));
    World world = World.run(token, authorizer, facts, ExternFunctions.none(), RunLimits.defaults());
    return world.decide() + " " + world.facts() + " " + world.stepsUsed();
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
