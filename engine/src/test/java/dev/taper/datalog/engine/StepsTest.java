package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Expression;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.regex.PatternCost;
import dev.taper.datalog.regex.Regex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each operation costs, to the step. Steps are all that bounds the time of what a token asks
 * for, so nothing that grows with a value may be free.
 */
class StepsTest {
  /** No test is to depend on the machine's speed. */
  private static final RunLimits LIMITS = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));

  private static final ExternFunctions EXTERNS =
      ExternFunctions.none().with("same", (receiver, argument) -> receiver);

  /** Of every value two objects: an object is the same as itself without looking inside. */
  private static Map<String, Term> values() {
    Map<String, Term> values = new LinkedHashMap<>();
    for (String copy : List.of("", "2")) {
      values.put("s" + copy, new Term.Str("x".repeat(32)));
      values.put("b" + copy, new Term.Bytes(new byte[48]));
      values.put("a" + copy, new Term.Array(numbers(20)));
      values.put("t" + copy, Term.Set.of(numbers(16)));
      values.put(
          "m" + copy,
          Term.Map.of(Map.<Term.MapKey, Term>of(i(1), new Term.Str("y".repeat(16)), key(), i(2))));
      values.put(
          "n" + copy,
          Term.Set.of(
              List.<Term>of(
                  new Term.Array(List.of(new Term.Array(numbers(3)), new Term.Bytes(new byte[16]))),
                  Term.Map.of(Map.of(key(), new Term.Array(numbers(2)))),
                  new Term.Str("z".repeat(31)))));
    }
    values.put("short", new Term.Str("x".repeat(8)));
    values.put("almost", new Term.Str("x".repeat(31) + "y"));
    return values;
  }

  private static List<Term> numbers(int count) {
    List<Term> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i(i));
    }
    return numbers;
  }

  private static Term.Int i(int value) {
    return new Term.Int(value);
  }

  private static Term.Str key() {
    return new Term.Str("k".repeat(32));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          1 + 1                                ~   1
          1 + 1 - 1 * 1                        ~   3
          1 & 1 | 1 ^ 1                        ~   3
          $s + $s                              ~   5
          1 < 2                                ~   1
          !(1 >= 2)                            ~   2
          true &&& false                       ~   1
          true && true                         ~   1
          (true && true) && true               ~   2
          (false || true) || true              ~   2
          !(false || (true && true))           ~   3
          1 === 1                              ~   1
          $s === $s                            ~   1
          $s === $s2                           ~   3
          $s == $s2                            ~   3
          $s == $almost                        ~   3
          $s == $short                         ~   1
          $b == $b2                            ~   4
          $b != 1                              ~   4
          $a == $a2                            ~  21
          $a == $t                             ~   1
          $t == $t2                            ~  17
          $t == $n                             ~   1
          $m == $m2                            ~   8
          $m == $n                             ~   1
          $n == $n2                            ~  17
          $s.contains($short)                  ~  17
          $short.contains($s)                  ~  17
          $a.contains(0)                       ~   2
          $a.contains(4)                       ~   6
          $a.contains(20)                      ~  21
          $t.contains(3)                       ~   3
          $t.contains($s)                      ~  13
          $t.contains($t2)                     ~  17
          $t.contains($n)                      ~  17
          $m.contains(1)                       ~   2
          $m.contains($s)                      ~   6
          {1, 2, 3, 4}.contains(2)             ~   2
          {1, 2, 3, 4}.contains($s)            ~   8
          {1, 2, 3, 4}.contains($t)            ~   5
          {1, 2, 3, 4, 5, 6, 7, 8, 9}.contains(2)  ~ 3
          $s.starts_with($s2)                  ~   3
          $s.ends_with($s2)                    ~   3
          $a.starts_with($a2)                  ~  41
          $a.ends_with($a2)                    ~  41
          $a.starts_with([0, 1])               ~   5
          $a.ends_with([18, 19])               ~   5
          $a.get(3)                            ~   1
          $m.get(1)                            ~   2
          $m.get($s)                           ~   6
          $t.union($t2)                        ~ 129
          $t.intersection($t2)                 ~ 129
          $n.union($t)                         ~ 125
          $s.length()                          ~   3
          $b.length()                          ~   1
          $a.length()                          ~   1
          $s.type()                            ~   1
          $s.extern::same()                    ~   3
          $a.extern::same()                    ~  21
          $a.all($x -> $x >= 0)                ~  41
          $a.any($x -> $x > 1)                 ~   7
          $t.any($x -> $x > 1)                 ~   7
          $m.any($x -> false)                  ~   3
          (1 / 1).try_or(2)                    ~   2
          (1 / 0).try_or(2)                    ~  52
          """)
  void eval_operation_chargesWhatItLooksAt(String expression, long steps) {
    assertThat(steps(expression)).isEqualTo(steps);
  }

  /** A pattern that is only known now is compiled once, and pays for each search. */
  @Test
  void eval_matches_chargesCompilingOnceAndEachSearch() {
    String pattern = "x+y?x*y?x*y?x*y?";
    PatternCost cost = PatternCost.of(pattern);
    long search = Regex.compile(pattern, cost).steps(32);
    String once = "$s.matches(\"%s\")".formatted(pattern);

    assertThat(steps(once)).isEqualTo(2 + cost.work() + search);
    assertThat(steps(once + " && " + once)).isEqualTo(4 + cost.work() + 2 * search);
  }

  /**
   * A token pays a step for each fact, two for each query and one for each of its predicates, as
   * they are put in their places; then both pay one for each fact that is tried, and for each match
   * of a rule. A later round tries only what is new.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          f(1); f(2);                     ~ allow if true;                             ~  2
          f(1); f(2); f(2);               ~ allow if true;                             ~  3
          f(1); check if true;            ~ allow if true;                             ~  3
          f(1); f(2); check if f(3);      ~ allow if true;                             ~  7
          f(1); f(2);                     ~ check if f(3); allow if true;              ~  4
          f(1); f(2);                     ~ deny if f(1); allow if true;               ~  3
          f(1); f(2);                     ~ allow if f($x), f($y), $x + $y == 5;       ~ 16
          f(1); f(2); g($x) <- f($x);     ~ allow if true;                             ~  9
          f(1); f(2); g($x) <- f($x);     ~ allow if g(2);                             ~ 11
          f(1); f(2) <- true; g($x) <- f($x);  ~ allow if true;                        ~ 11
          e(1, 2); e(2, 3); e(3, 4); p($a, $b) <- e($a, $b); p($a, $c) <- p($a, $b), e($b, $c); \
                                          ~ allow if true;                             ~ 43
          """)
  void decide_evaluation_chargesPlacesCandidatesAndMatches(
      String block, String authorizer, long steps) {
    World world = Tokens.run(LIMITS, Tokens.token(block), authorizer);
    world.decide();
    assertThat(world.stepsUsed()).isEqualTo(steps);
  }

  /**
   * Up to 16 facts are tried one by one. More of them are tried so for the first predicate of a
   * query, and twice for a later one; the third time they are indexed, for a step each, and looked
   * up from then on.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          16 ~ check if k($x), f($x, $y), $y < 0;                                ~ 115
          17 ~ check if k($x), f($x, $y), $y < 0;                                ~ 91
          17 ~ check if k($x), f($x, $y), $y < 0 or k($x), f($x, $y), $y < 0;    ~ 110
          17 ~ check if k($x), f(3, $x);                                         ~ 82
          17 ~ check if k($x), f($y, $z), $y < 0;                                ~ 201
          17 ~ check if k($x), f($y, $y);                                        ~ 116
          17 ~ check if f(3, $x), $x < 0;                                        ~ 43
          17 ~ check if f(3, $x), $x < 0 or f(3, $x), $x < 0 or f(3, $x), $x < 0 or f(3, $x); ~ 92
          17 ~ check if f(3, $x), f($x, $y), $y < 0 or f(3, $x), f($x, $y), $y < 0; \
               check if f(3, $x), f($x, $y), $y < 0 or f(3, $x), f($x, $y), $y < 0; ~ 178
          17 ~ check if k($x), f($x, 99);                                        ~ 82
          40 ~ p($a, $b) <- f($a, $b); p($a, $c) <- p($a, $b), f($b, $c);        ~ 2983
          40 ~ p($a, $b) <- f($a, $b); p($a, $c) <- f($a, $b), p($b, $c);        ~ 9760
          40 ~ p($a, $b) <- f($a, $b); p($a, $c) <- p($a, $b), p($b, $c);        ~ 40040
          """)
  void decide_join_triesFewAndLooksUpMore(int facts, String code, long steps) {
    StringBuilder block = new StringBuilder("k(1); k(2); k(3); k(4); k(5);");
    for (int i = 0; i < facts; i++) {
      block.append("f(%d, %d);".formatted(i, i + 1));
    }
    World world = Tokens.run(LIMITS, Tokens.token(block + code), "allow if true;");
    world.decide();
    assertThat(world.stepsUsed()).isEqualTo(steps);
  }

  /** The service's own facts are indexed before the first request. */
  @ParameterizedTest
  @CsvSource({"16, 14", "17, 20"})
  void decide_servicesFacts_areLookedUpAtOnce(int facts, long steps) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < facts; i++) {
      code.append("f(%d, %d);".formatted(i, i + 1));
    }
    World world = Tokens.run(LIMITS, null, code + "allow if k($x), f($x, $y);", "k(12)");
    assertThat(world.decide().allowed()).isTrue();
    assertThat(world.stepsUsed()).isEqualTo(steps);
  }

  /** Each side pays for its own checks, policies and questions. */
  @Test
  void decide_separateAccounts_eachPaysForItsOwn() {
    Accounts work = Accounts.separate(LIMITS);
    AuthorizerProgram service =
        Tokens.authorizer("check if a(1); allow if a(1), a(2);").confidential(Set.of());
    TokenProgram token =
        Tokens.token("a(1); a(2); h($x) <- a($x); check if a(2);", "check if true;");
    World world = World.run(token, service, List.of(), EXTERNS, work);
    assertThat(steps(work)).containsExactly(14L, 0L);
    assertThat(world.decide().allowed()).isTrue();
    assertThat(steps(work)).containsExactly(16L, 4L);
    world.query(Datalog.rule("q($x) <- a($x)"), QueryScope.ALL);
    assertThat(steps(work)).containsExactly(16L, 8L);
  }

  private static List<Long> steps(Accounts work) {
    return List.of(work.tokenStepsUsed(), work.stepsUsed() - work.tokenStepsUsed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "check if f($x), $x < 3            ~  4",
        "check if f($x), $x < 0            ~  9",
        "check if f($x), f($y), g($z)      ~ 21",
        "check if f($x), f($y), f(5)       ~ 65"
      })
  void explain_check_chargesCandidatesBindingsAndNearestFacts(String check, long steps) {
    World world = Tokens.run(LIMITS, Tokens.token("f(1); f(2); f(3);", "f(4);"), "allow if true;");
    Accounts work = Accounts.of(LIMITS);
    assertThat(world.explain(Datalog.check(check), 0, work)).hasSize(1);
    assertThat(work.stepsUsed()).isEqualTo(steps);
  }

  @Test
  void query_world_chargesCandidatesAndMatches() {
    World world = Tokens.run(LIMITS, Tokens.token("f(1); f(2); f(3);"), "allow if true;");
    assertThat(world.query(Datalog.rule("q($x) <- f($x), $x > 1"), QueryScope.ALL)).hasSize(2);
    assertThat(world.stepsUsed()).isEqualTo(3 + 3 + 3 + 3);
  }

  private static long steps(String text) {
    Map<String, Term> values = values();
    String bound = "p($" + String.join(", $", values.keySet()) + ")";
    Expression expression = Datalog.query(bound + ", " + text).expressions().get(0);
    Variables variables = new Variables();
    values.keySet().forEach(variables::add);
    ExpressionCompiler compiler = new ExpressionCompiler(variables, null);
    Node node = compiler.compile(expression);
    Accounts work = Accounts.of(LIMITS);
    Frame frame = new Frame(compiler.slots(), work, EXTERNS);
    values.forEach((name, value) -> frame.slots[variables.find(name)] = value);
    work.watch.start();
    assertThat(node.eval(frame)).isNotNull();
    return work.stepsUsed();
  }
}
