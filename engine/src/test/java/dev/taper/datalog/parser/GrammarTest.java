package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is accepted, oddities of the reference grammar included, and what it means. */
final class GrammarTest {
  static Stream<Arguments> normalForms() {
    return Stream.of(
        // Keywords: any case, no space needed after them.
        form("CHECK IF true", "check if true;"),
        form("check ifx(1)", "check if x(1);"),
        form("Reject If true", "reject if true;"),
        form("check if trueor false", "check if true or false;"),
        form("check if a(1)OR b(2)", "check if a(1) or b(2);"),
        form("check if a(1)trustingauthority", "check if a(1) trusting authority;"),
        form("check if\n a(1)\n\n,b(2)", "check if a(1), b(2);"),
        // Names may look like keywords, numbers or anything that names may hold.
        form("check(1)", "check(1);"),
        form("check if or(1) or or(2)", "check if or(1) or or(2);"),
        form("1(1); :(1); _(1); a:b::c(1)", "1(1);\n:(1);\n_(1);\na:b::c(1);"),
        form("trusting(1)", "trusting(1);"),
        form("\n trusting previous , authority ; a(1)", "trusting previous, authority;\na(1);"),
        form(
            "check if a(1) trusting authority ,previous",
            "check if a(1) trusting authority, previous;"),
        form("a ( 1 ,\t2 )", "a(1, 2);"),
        // Semicolons and comments.
        form("a(1)", "a(1);"),
        form(";a(1);;b(1);", "a(1);\nb(1);"),
        form("/* x */ a(1); // y\r\n//z", "a(1);"),
        form("check if a(1), // why\n  b(/* what */ 2)", "check if a(1), b(2);"),
        form("/*/ x */a(1);/**/", "a(1);"),
        form("a(1); // z\r", "a(1);"),
        form(" \n", ""),
        // Order of conditions: predicates go before expressions.
        form("check if true, a(1), 1 < 2, b(2)", "check if a(1), b(2), true, 1 < 2;"),
        // Numbers and minus.
        form("check if 1-1 == 0", "check if 1 - 1 == 0;"),
        form("check if 1 -1 == 0", "check if 1 - 1 == 0;"),
        form("check if 1--1 == 2", "check if 1 - -1 == 2;"),
        form("check if 1 <-2", "check if 1 < -2;"),
        form("check if 01 == 1", "check if 1 == 1;"),
        form("check if -9223372036854775808 < 0", "check if -9223372036854775808 < 0;"),
        form("check if 2020-01-01 == 2018", "check if 2020 - 1 - 1 == 2018;"),
        // Braces: a parameter only without space and from a letter on.
        form("a({,})", "a({,});"),
        form("a({}, { })", "a({}, {});"),
        form("a({ true }, { null}, {hex:00 })", "a({ true }, { null }, { hex:00 });"),
        form("a({1 , 1,1})", "a({1});"),
        form("a({2, 1})", "a({1, 2});"),
        form("a({1 : {\"k\":[ ]}})", "a({1: {\"k\": []}});"),
        form("a({{1: 2}}, {[1]})", "a({{1: 2}}, {[1]});"),
        form("a([1 ,2 ], {1 ,2 }, {1: 2 ,3: 4 })", "a([1, 2], {1, 2}, {1: 2, 3: 4});"),
        // Terms.
        form("a(hex:, hex:AB)", "a(hex:, hex:ab);"),
        form("a(hex:09afAF)", "a(hex:09afaf);"),
        form("a(\"\", \"\\\"\\\\\\n\n\")", "a(\"\", \"\\\"\\\\\\n\\n\");"),
        form("a([1, \"a\", null, [true]])", "a([1, \"a\", null, [true]]);"),
        form(
            "check if 2025-01-01T00:00:00Z\n<2026-01-01T00:00:00Z",
            "check if 2025-01-01T00:00:00Z < 2026-01-01T00:00:00Z;"),
        form(
            "a(2025-01-01T00:00:00Z,[2025-01-01T00:00:00Z],{2025-01-01T00:00:00Z})",
            "a(2025-01-01T00:00:00Z, [2025-01-01T00:00:00Z], {2025-01-01T00:00:00Z});"),
        // Methods and closures.
        form("check if [1].all($x->$x>0)", "check if [1].all($x -> $x > 0);"),
        form("check if [1].any( $x  ->\n$x > 0 )", "check if [1].any($x -> $x > 0);"),
        form("check if 1.extern::a::b( )", "check if 1.extern::a::b();"),
        form("check if 1.extern::f(2)", "check if 1.extern::f(2);"),
        form("check if -1.type( ) == \"integer\"", "check if -1.type() == \"integer\";"),
        form("check if 1.try_or(2).try_or(3)", "check if 1.try_or(2).try_or(3);"),
        // The reference prints eager operations so; both read this as a negation.
        form("check if true &&! false", "check if true && !false;"),
        form("check if true||!false", "check if true || !false;"),
        form("check if true &&& false ||| true", "check if true &&& false ||| true;"),
        // Scopes.
        form("trusting authority , previous; a(1)", "trusting authority, previous;\na(1);"),
        form("// c\ntrusting previous;", "trusting previous;"),
        form(
            "check if a(1) trusting previous,authority or b(2) trusting authority",
            "check if a(1) trusting previous, authority or b(2) trusting authority;"));
  }

  private static Arguments form(String source, String normal) {
    return Arguments.of(source, normal);
  }

  @ParameterizedTest
  @MethodSource("normalForms")
  void parse_acceptedText_printsNormalForm(String source, String normal) {
    assertThat(Datalog.block(source).toString()).isEqualTo(normal.isEmpty() ? "" : normal + "\n");
  }

  /** Fully parenthesised readings; the parser keeps parentheses, so they are compared as trees. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "1 + 2 * 3 - 4 / 5 = (1 + (2 * 3)) - (4 / 5)",
        "1 | 2 ^ 3 & 4 + 5 = (1 | 2) ^ (3 & (4 + 5))",
        "1 ^ 2 | 3 = 1 ^ (2 | 3)",
        "1 & 2 | 3 = (1 & 2) | 3",
        "1 - 2 - 3 = (1 - 2) - 3",
        "true || false && true = true || (false && true)",
        "true || false || true = (true || false) || true",
        "1 < 2 && 3 > 4 = (1 < 2) && (3 > 4)",
        "!true && false = (!true) && false",
        "!1 + 2 = !(1 + 2)",
        "!1 * 2 + 3 - 4 = !(((1 * 2) + 3) - 4)",
        "!1 & 2 = (!1) & 2",
        "!1 < 2 = (!1) < 2",
        "1 * !2 + 3 & 4 = (1 * (!(2 + 3))) & 4",
        "!!1 + 2 = !(!(1 + 2))",
        "!1.length() = !(1.length())",
        "1 + 2.length() = 1 + (2.length())"
      })
  void parse_operators_bindAsTheReference(String text, String reading) {
    assertThat(plain(expression(text))).isEqualTo(plain(expression(reading)));
  }

  private static Expression expression(String text) {
    return Datalog.query(text).expressions().get(0);
  }

  /** The expression without parentheses. */
  private static Expression plain(Expression e) {
    if (e instanceof Expression.Unary u) {
      Expression operand = plain(u.operand());
      return u.op() == UnaryOp.PARENS ? operand : new Expression.Unary(u.op(), operand);
    } else if (e instanceof Expression.Binary b) {
      return new Expression.Binary(b.op(), plain(b.left()), plain(b.right()));
    } else if (e instanceof Expression.Closure c) {
      return new Expression.Closure(c.parameters(), plain(c.body()));
    }
    return e;
  }

  @Test
  void parse_lazyOperation_wrapsItsRightSide() {
    Expression t = new Expression.Value(new Term.Bool(true));
    assertThat(expression("true && true"))
        .isEqualTo(
            new Expression.Binary(BinaryOp.LAZY_AND, t, new Expression.Closure(List.of(), t)));
    assertThat(expression("true &&& true")).isEqualTo(new Expression.Binary(BinaryOp.AND, t, t));
    assertThat(expression("(true).try_or(true)"))
        .isEqualTo(
            new Expression.Binary(
                BinaryOp.TRY_OR,
                new Expression.Closure(List.of(), new Expression.Unary(UnaryOp.PARENS, t)),
                t));
    assertThat(expression("true.any($x -> true)"))
        .isEqualTo(new Expression.Binary(BinaryOp.ANY, t, new Expression.Closure(List.of("x"), t)));
  }

  @ParameterizedTest
  @CsvSource({
    "2016-12-31T23:59:60Z, 2016-12-31T23:59:59Z",
    "2016-12-31t15:59:60-08:00, 2016-12-31T23:59:59Z",
    "2025-01-01t00:00:00z, 2025-01-01T00:00:00Z",
    "2025-01-01T00:00:00.999999999999Z, 2025-01-01T00:00:00Z",
    "2025-01-01T00:00:00+23:59, 2024-12-31T00:01:00Z",
    "2024-02-29T12:00:00-00:30, 2024-02-29T12:30:00Z",
    "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
    "2025-12-31T23:59:59.5+23:59, 2025-12-31T00:00:59Z",
    "2025-01-31T00:00:00-23:59, 2025-01-31T23:59:00Z",
    "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
  })
  void parse_date_isItsInstant(String text, String instant) {
    assertThat(Datalog.term(text)).isEqualTo(Term.Date.of(Instant.parse(instant)));
  }

  @Test
  void entries_oneStatement_takeSpaceAndOneSemicolon() {
    assertThat(Datalog.fact(" a(1) ; ").toString()).isEqualTo("a(1)");
    assertThat(Datalog.rule("a($x) <- b($x)\n").toString()).isEqualTo("a($x) <- b($x)");
    assertThat(Datalog.check("check all a($x), $x").toString()).isEqualTo("check all a($x), $x");
    assertThat(Datalog.rule("\n a($x)<-b($x);").toString()).isEqualTo("a($x) <- b($x)");
    assertThat(Datalog.check("\n check if true ;").toString()).isEqualTo("check if true");
    assertThat(Datalog.policy("deny if true;").toString()).isEqualTo("deny if true");
    assertThat(Datalog.policy("\n allow if true").toString()).isEqualTo("allow if true");
    assertThat(Datalog.query("\n a(1) , true").toString()).isEqualTo("a(1), true");
    assertThat(Datalog.query("a($x), $x trusting previous").toString())
        .isEqualTo("a($x), $x trusting previous");
    assertThat(Datalog.term(" [1] ")).isEqualTo(new Term.Array(List.of(new Term.Int(1))));
    assertThat(Datalog.term("$x")).isEqualTo(new Term.Variable("x"));
    assertThat(Datalog.authorizer("allow if true; a(1);").toString())
        .isEqualTo("a(1);\nallow if true;\n");
  }
}
