package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.regex.PatternCost;
import dev.taper.datalog.regex.Regex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a token's regular expressions are compiled, how often, and on whose account. */
class PatternsTest {
  private static final AuthorizerProgram ALLOW =
      AuthorizerProgram.compile(Datalog.authorizer("allow if true"));

  private static final List<Fact> REQUEST = List.of(Fact.of("p", new Term.Str("a\u00e9")));

  @Test
  void compile_hundredChecksWithOnePattern_nothingBeforeUseAndOneAfter() {
    String pattern = "\\\\pL".repeat(10);
    BlockProgram first = block(checks(100, pattern), null);
    BlockProgram second = block(checks(100, pattern), first);
    assertThat(first.patternBytes() + second.patternBytes()).isZero();

    evaluate(first, second);

    PatternCost cost = PatternCost.of("\\pL".repeat(10));
    assertThat(first.patternBytes()).isPositive().isLessThanOrEqualTo(cost.bytes(30));
    assertThat(second.patternBytes()).isZero();
  }

  /** Whatever the texts are, a token keeps no more than the cap; those beyond still work. */
  @Test
  void evaluate_manyLargePatterns_keepsNoMoreThanTheCap() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      code.append(
          "check if p($x), $x.matches(\"" + "\\\\pL?".repeat(1 + i % 3) + "(" + i + ")?\");");
    }
    BlockProgram first = block(code.toString(), null);
    BlockProgram second = block(code.toString().replace("?\"", "*\""), first);

    assertThat(evaluate(first, second).failedChecks()).isEmpty();

    long kept = first.patternBytes() + second.patternBytes();
    assertThat(kept).isLessThanOrEqualTo(Patterns.MAX_KEPT).isGreaterThan(Patterns.MAX_KEPT / 2);
  }

  @Test
  void evaluate_patternMadeToTakeLong_tooMuchWork() {
    for (String pattern : List.of("a".repeat(13_000), "(?i)[A-\\\\x{1c88}]", "(a{999}){99}")) {
      BlockProgram block = block("check if p($x), $x.matches(\"" + pattern + "\");", null);
      assertThatThrownBy(() -> evaluate(block))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
      assertThat(block.patternBytes()).isZero();
    }
  }

  /** Many patterns, each within its bounds, share the steps of the evaluation. */
  @Test
  void evaluate_hundredsOfExpensivePatterns_tooMuchWork() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      code.append("check if p($x), $x.matches(\"" + "\\\\pL|".repeat(10) + i + "\");");
    }
    BlockProgram block = block(code.toString(), null);
    assertThatThrownBy(() -> evaluate(block))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
  }

  /** Whether a token is cached is not to decide what it may do. */
  @Test
  void evaluate_again_takesTheSameSteps() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      code.append("check if p($x), $x.matches(\"a" + i + "?\") || $x.matches(\"b\");");
    }
    TokenProgram token = token(block(code.toString(), null));
    World cold = World.run(token, ALLOW, REQUEST, ExternFunctions.none(), RunLimits.defaults());
    cold.decide();
    World warm = World.run(token, ALLOW, REQUEST, ExternFunctions.none(), RunLimits.defaults());
    warm.decide();
    assertThat(warm.stepsUsed()).isEqualTo(cold.stepsUsed()).isGreaterThan(100 * 64);
  }

  @Test
  void get_morePatternsThanFit_stillRight() {
    RegexCache cache = new RegexCache();
    Budget budget = new Budget(Long.MAX_VALUE, Stopwatch.stopped());
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 200; i++) {
        assertThat(cache.get("^\\pL" + i + "$", budget).find("x" + i)).isTrue();
        assertThat(cache.get("^\\pL" + i + "$", budget).find("x")).isFalse();
      }
    }
    long before = budget.stepsUsed();
    cache.get("^\\pL0$", budget);
    assertThat(budget.stepsUsed()).isEqualTo(before);
    for (int use = 1; use <= 2; use++) {
      cache.get("^\\pL199$", budget);
      assertThat(budget.stepsUsed() - before).isEqualTo(use * PatternCost.of("^\\pL199$").work());
    }
  }

  @Test
  void isFirstUse_anyNumber_isTrueOnce() {
    RegexCache cache = new RegexCache();
    for (int number = 0; number < 2_000; number++) {
      assertThat(cache.isFirstUse(number)).as("first use of %d", number).isTrue();
      assertThat(cache.isFirstUse(number)).as("second use of %d", number).isFalse();
    }
    for (int number = 0; number < 2_000; number++) {
      assertThat(cache.isFirstUse(number)).as("late use of %d", number).isFalse();
    }
    assertThat(new RegexCache().isFirstUse(1_000)).isTrue();
  }

  /** Whoever counts a cached token's memory hears of each pattern as soon as it takes some. */
  @Test
  void watchPatterns_patternIsCompiled_watcherIsToldOnce() {
    BlockProgram block =
        block("check if p($x), $x.matches(\"a\"); check if p($x), $x.matches(\"\\\\pL\");", null);
    List<Long> told = new ArrayList<>();
    block.watchPatterns(() -> told.add(block.patternBytes()));
    evaluate(block);
    evaluate(block);
    assertThat(told).hasSize(2).isSorted().doesNotHaveDuplicates().doesNotContain(0L);
    assertThat(told).endsWith(block.patternBytes());
  }

  /** A service pays for its patterns once, when it starts, and no request does. */
  @Test
  void prepare_goodPatterns_areNotCharged() {
    String pattern = "(a{20}b){20}";
    var code = Datalog.authorizer("allow if p($x), !$x.matches(\"" + pattern + "\")");
    World prepared = run(AuthorizerProgram.prepare(code));
    assertThat(prepared.decide().allowed()).isTrue();
    World compiled = run(AuthorizerProgram.compile(code));
    assertThat(compiled.decide().allowed()).isTrue();
    assertThat(compiled.stepsUsed() - prepared.stepsUsed())
        .isEqualTo(PatternCost.of(pattern).work());
  }

  private static World run(AuthorizerProgram authorizer) {
    return World.run(
        Tokens.token("f(1);"), authorizer, REQUEST, ExternFunctions.none(), RunLimits.defaults());
  }

  @Test
  void get_patternsOfARequest_takeNoMoreRoomThanTheyMay() {
    RegexCache cache = new RegexCache();
    Budget budget = Budget.unlimited();
    long kept = 0;
    for (int i = 0; i < 40; i++) {
      String pattern = "(a{" + (40 + i) + "}b){40}";
      Regex first = cache.get(pattern, budget);
      if (cache.get(pattern, budget) == first) {
        kept += first.bytes();
      }
    }
    assertThat(kept).isPositive().isLessThanOrEqualTo(256 << 10);
  }

  @Test
  void prepare_constantThatIsNoPattern_refusedWithItsText() {
    for (String pattern : List.of("a(?=b)", "(", "(a{999}){99}")) {
      for (String code :
          List.of(
              "allow if p($x), $x.matches(\"#\")",
              "check if p($x), [$x].any($y -> $y.matches(\"#\")); allow if true",
              "q($x) <- p($x), $x.matches(\"#\"); allow if true")) {
        assertThatThrownBy(
                () -> AuthorizerProgram.prepare(Datalog.authorizer(code.replace("#", pattern))))
            .hasMessageContaining(pattern)
            .isInstanceOfSatisfying(
                TaperException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATALOG));
      }
    }
  }

  /** Of many, the same one is named each time. */
  @Test
  void prepare_manyThatAreNoPatterns_namesTheFirstInAlphabet() {
    StringBuilder code = new StringBuilder("allow if true;");
    for (int i = 40; i > 0; i--) {
      code.append("check if p($x), $x.matches(\"(" + "z".repeat(i) + "\");");
    }
    var authorizer = Datalog.authorizer(code.toString());
    assertThatThrownBy(() -> AuthorizerProgram.prepare(authorizer)).hasMessageEndingWith("\"(z\"");
  }

  @Test
  void prepare_longPattern_isCutInTheMessage() {
    for (int length : new int[] {200, 201}) {
      String pattern = "(" + "a".repeat(length - 1);
      String shown = length == 200 ? pattern : pattern.substring(0, 200) + "…";
      var code = Datalog.authorizer("allow if p($x), $x.matches(\"" + pattern + "\")");
      assertThatThrownBy(() -> AuthorizerProgram.prepare(code))
          .hasMessageEndingWith("\"" + shown + "\"");
    }
  }

  private static String checks(int count, String pattern) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < count; i++) {
      code.append("check if p($x), $x.matches(\"" + pattern + "\") || " + i + " >= 0;");
    }
    return code.toString();
  }

  private static BlockProgram block(String code, @Nullable BlockProgram previous) {
    return BlockProgram.compile(Datalog.block(code), previous);
  }

  private static TokenProgram token(BlockProgram... blocks) {
    return TokenProgram.link(Arrays.asList(blocks), Collections.nCopies(blocks.length, null));
  }

  private static Evaluation evaluate(BlockProgram... blocks) {
    RunLimits limits = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));
    return World.run(token(blocks), ALLOW, REQUEST, ExternFunctions.none(), limits).decide();
  }
}
