package dev.taper.datalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What text has no form for, and parentheses that a tree needs but does not carry. */
final class PrinterTest {
  private static final Expression ONE = new Expression.Value(new Term.Int(1));

  private static Expression binary(BinaryOp op, Expression left, Expression right) {
    return new Expression.Binary(op, left, right);
  }

  private static Expression not(Expression e) {
    return new Expression.Unary(UnaryOp.NEGATE, e);
  }

  @Test
  void toString_neededParentheses_areAdded() {
    Expression sum = binary(BinaryOp.ADD, ONE, ONE);
    Expression less = binary(BinaryOp.LESS_THAN, ONE, ONE);
    Expression lazy = binary(BinaryOp.LAZY_OR, less, new Expression.Closure(List.of(), less));
    assertThat(binary(BinaryOp.MUL, sum, sum)).hasToString("(1 + 1) * (1 + 1)");
    assertThat(binary(BinaryOp.SUB, sum, sum)).hasToString("1 + 1 - (1 + 1)");
    assertThat(binary(BinaryOp.EQUAL, less, less)).hasToString("(1 < 1) === (1 < 1)");
    assertThat(binary(BinaryOp.LAZY_AND, lazy, lazy))
        .hasToString("(1 < 1 || 1 < 1) && (1 < 1 || 1 < 1)");
    assertThat(binary(BinaryOp.CONTAINS, sum, sum)).hasToString("(1 + 1).contains(1 + 1)");
    assertThat(new Expression.Unary(UnaryOp.LENGTH, not(ONE))).hasToString("(!1).length()");
    assertThat(new Expression.Extern("f", sum, null)).hasToString("(1 + 1).extern::f()");
  }

  @Test
  void toString_negation_takesInSumsButNoMore() {
    assertThat(not(binary(BinaryOp.ADD, ONE, ONE))).hasToString("!1 + 1");
    assertThat(not(binary(BinaryOp.BITWISE_AND, ONE, ONE))).hasToString("!(1 & 1)");
    assertThat(binary(BinaryOp.ADD, not(ONE), ONE)).hasToString("(!1) + 1");
    assertThat(binary(BinaryOp.ADD, ONE, not(ONE))).hasToString("1 + !1");
    assertThat(binary(BinaryOp.ADD, binary(BinaryOp.MUL, ONE, not(ONE)), ONE))
        .hasToString("(1 * !1) + 1");
    assertThat(binary(BinaryOp.BITWISE_AND, binary(BinaryOp.MUL, ONE, not(ONE)), ONE))
        .hasToString("1 * !1 & 1");
    Expression sum = binary(BinaryOp.ADD, ONE, not(ONE));
    Expression product = binary(BinaryOp.MUL, ONE, not(ONE));
    assertThat(binary(BinaryOp.ADD, binary(BinaryOp.MUL, ONE, sum), ONE))
        .hasToString("1 * (1 + !1) + 1");
    assertThat(binary(BinaryOp.ADD, binary(BinaryOp.MUL, ONE, product), ONE))
        .hasToString("1 * (1 * !1) + 1");
  }

  @Test
  void toString_partsAlone_areTheirText() {
    assertThat(ONE).hasToString("1");
    assertThat(new Expression.Closure(List.of("x", "y"), ONE)).hasToString("$x, $y -> 1");
    assertThat(new Expression.Closure(List.of(), ONE)).hasToString("1");
  }

  @Test
  void toString_dateReceiver_getsParentheses() {
    Expression date = new Expression.Value(new Term.Date(0));
    assertThat(new Expression.Unary(UnaryOp.TYPE, date))
        .hasToString("(1970-01-01T00:00:00Z).type()");
  }

  @Test
  void toString_lateDate_isItsSeconds() {
    assertThat(new Term.Date(253_402_300_799L)).hasToString("9999-12-31T23:59:59Z");
    assertThat(new Term.Date(253_402_300_800L)).hasToString("<date 253402300800>");
    assertThat(new Term.Date(-1)).hasToString("<date 18446744073709551615>");
  }

  @Test
  void toString_oneElementSets_areNotParameters() {
    assertThat(Term.Set.of(List.of(new Term.Bool(true)))).hasToString("{ true }");
    assertThat(Term.Set.of(List.of(new Term.Null()))).hasToString("{ null }");
    assertThat(Term.Set.of(List.of(new Term.Bytes(new byte[1])))).hasToString("{ hex:00 }");
    assertThat(Term.Set.of(List.of(new Term.Int(1)))).hasToString("{1}");
    assertThat(new Term.Set(new TreeSet<>())).hasToString("{,}");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          a b, `a b`
          '', ``
          right("file1") <- x, `right("file1") <- x`
          a`b\\c, `a\\u{60}b\\u{5c}c`
          """)
  void toString_nameThatTextCannotWrite_isQuoted(String name, String printed) {
    assertThat(Predicate.of(name, new Term.Int(1))).hasToString(printed + "(1)");
    assertThat(new Term.Variable(name)).hasToString("$" + printed);
    assertThat(new Expression.Extern(name, ONE, null)).hasToString("1.extern::" + printed + "()");
  }

  @Test
  void toString_invisibleCharactersInName_areEscaped() {
    assertThat(Predicate.of("a\u001b[2J\n\u202e\uD800", new Term.Int(1)))
        .hasToString("`a\\u{1b}[2J\\u{a}\\u{202e}\\u{d800}`(1)");
  }

  @Test
  void toString_veryHighTree_ends() {
    Expression high = ONE;
    Term deep = new Term.Int(1);
    for (int i = 0; i < 100_000; i++) {
      high = not(high);
      deep = new Term.Array(List.of(deep));
    }
    assertThat(high.toString()).endsWith("<too deep>").hasSizeLessThan(1000);
    assertThat(deep.toString()).contains("<too deep>").hasSizeLessThan(2000);
  }

  /** Deeper trees are cut, wide ones are not, whatever is in them. */
  @Test
  void toString_treesOfTheGreatestDepth_areWhole() {
    int most = 2 * Expression.MAX_HEIGHT;
    Term deep = new Term.Int(1);
    for (int i = 1; i < most; i++) {
      deep = new Term.Array(List.of(deep));
    }
    assertThat(deep.toString()).doesNotContain("<too deep>").contains("[1]");
    assertThat(new Term.Array(List.of(deep)).toString()).contains("[<too deep>]");

    Expression high = ONE; // and its term is one deeper
    for (int i = 2; i < most; i++) {
      high = not(high);
    }
    assertThat(high.toString()).endsWith("!1");
    String cut = high.toString().replace("1", "<too deep>");
    assertThat(not(high)).hasToString("!" + cut);
    assertThat(not(not(high))).hasToString("!!" + cut);

    Term wide = new Term.Array(Collections.nCopies(2 * most, new Term.Int(1)));
    Expression value = new Expression.Value(wide);
    Query query = new Query(List.of(), Collections.nCopies(2 * most, value), List.of());
    assertThat(query.toString()).doesNotContain("<too deep>");
  }

  @Test
  void text_everyBound_isTheBeginningOfTheWhole() {
    Check check =
        Datalog.check(
            "check if a($x, \"\uD83D\uDE00\\\\\"), $x.any($y -> 1 + $y < 2) trusting previous"
                + " or b($x, [1, {2: hex:ab}], {1, 2}), $x.extern::f(true), !($x || 2026-01-01T00:00:00Z == null)");
    assertCut(check.toString(), check::text);
    for (String last : List.of("check if a(1)", "check if 1 + 2", "check if [1].any($x -> $x)")) {
      assertCut(last, Datalog.check(last)::text);
    }
    Term term = Datalog.term("[\"\uD83D\uDE00\uD83D\uDE00\", {1: [true, null]}, {\"a\", \"b\"}]");
    assertCut(term.toString(), term::text);
    Fact fact = Datalog.fact("f(1, \"\uD83D\uDE00\", [2, {1: 2}])");
    assertCut(fact.toString(), fact::text);
    Rule rule = Datalog.rule("h($x, 1) <- f($x, \"\uD83D\uDE00\"), $x + 1 < 2 trusting previous");
    assertCut(rule.toString(), rule::text);
  }

  private static void assertCut(String whole, IntFunction<String> text) {
    for (int most = 2; most < whole.length(); most++) {
      int end = Character.isHighSurrogate(whole.charAt(most - 2)) ? most - 2 : most - 1;
      assertThat(text.apply(most)).isEqualTo(whole.substring(0, end) + "…");
    }
    assertThat(text.apply(whole.length())).isEqualTo(whole);
    assertThat(text.apply(Integer.MAX_VALUE)).isEqualTo(whole);
  }

  /** A short token can say one long thing many times; what is shown of it takes no time. */
  @Test
  void text_ofMoreThanMemoryHolds_isSoonDone() {
    Term doubled = new Term.Int(1);
    Expression sum = ONE;
    for (int i = 0; i < 60; i++) {
      doubled = new Term.Array(List.of(doubled, doubled));
      sum = binary(BinaryOp.ADD, sum, sum);
    }
    Predicate named = Predicate.of("a b ".repeat(10_000), new Term.Int(1));
    Expression called = ONE;
    for (int i = 0; i < 2 * Expression.MAX_HEIGHT - 2; i++) {
      called = new Expression.Extern("ab".repeat(2_000_000), called, null);
    }
    List<Predicate> many = Collections.nCopies(1_000_000, named);
    for (Query query :
        List.of(
            new Query(many, List.of(), List.of()),
            new Query(List.of(), List.of(sum), List.of()),
            new Query(List.of(), List.of(called), List.of()),
            new Query(List.of(), List.of(new Expression.Value(doubled), sum), List.of()))) {
      Check check = new Check(Check.Kind.IF, List.of(query, query));
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> assertThat(check.text(200)).hasSize(200).startsWith("check if ").endsWith("…"));
    }
  }
}
