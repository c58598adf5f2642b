package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and errors of expressions: a table for what they mean, all type pairs for what fails. */
class ExpressionsTest {
  private static final ExternFunctions EXTERNS =
      ExternFunctions.none()
          .with(
              "reverse",
              (receiver, argument) ->
                  new Term.Str(
                      new StringBuilder(((Term.Str) receiver).value()).reverse().toString()))
          .with(
              "pair",
              (receiver, argument) -> {
                if (argument == null) {
                  throw new IllegalArgumentException("two arguments, please");
                }
                return new Term.Array(List.of(receiver, argument));
              })
          .with("constant", (receiver, argument) -> Values.TRUE)
          .with("unbound", (receiver, argument) -> new Term.Variable("x"))
          .with("deep", (receiver, argument) -> nested(Term.MAX_DEPTH + 1));

  private static final Map<String, Term> SAMPLES = samples();

  static Stream<Arguments> table() {
    try (InputStream in = ExpressionsTest.class.getResourceAsStream("expressions.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" => ", 2))
          .map(parts -> Arguments.of(parts[0], parts[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0} => {1}")
  @MethodSource("table")
  void eval_everyRow_asWritten(String expression, String expected) {
    String actual;
    try {
      actual = eval(parse(expression)).toString();
    } catch (TaperException e) {
      actual = e.code().name();
    }
    assertThat(actual).isEqualTo(expected);
  }

  /** A condition is not first made a value; it says the same. */
  @ParameterizedTest(name = "{0} => {1}")
  @MethodSource("table")
  void test_everyRow_asWritten(String expression, String expected) {
    String actual;
    try {
      actual = Boolean.toString(test(parse(expression)));
    } catch (TaperException e) {
      actual = e.code().name();
    }
    boolean isValue = Arrays.stream(ErrorCode.values()).noneMatch(e -> e.name().equals(expected));
    boolean isBool = List.of("true", "false").contains(expected);
    assertThat(actual).isEqualTo(isValue && !isBool ? "INVALID_TYPE" : expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "1 < true ~ < is not defined for ",
        "1 > true ~ > is not defined for ",
        "1 <= true ~ <= is not defined for ",
        "1 >= true ~ >= is not defined for ",
        "1 === true ~ === is not defined for ",
        "1 !== true ~ !== is not defined for ",
        "1.contains(1) ~ contains is not defined for ",
        "1.all($x -> true) ~ all is not defined for ",
        "1.any($x -> true) ~ any is not defined for ",
        "1 / 0 ~ an integer is divided by zero",
        "(0 - 9223372036854775807 - 1) / -1 ~ the quotient does not fit 64 bits"
      })
  void eval_undefined_saysWhat(String expression, String said) {
    assertThatThrownBy(() -> eval(parse(expression))).hasMessageStartingWith(said);
  }

  @Test
  void compile_factNestedTooDeeply_isRefused() {
    Block deep = Block.builder().fact("a", nested(Term.MAX_DEPTH + 1)).build();

    Refused.with(ErrorCode.INVALID_DATALOG, () -> BlockProgram.compile(deep));
  }

  @Test
  void table_hasNoFewerRowsThanItHad() {
    assertThat(table().count()).isGreaterThan(280);
  }

  @ParameterizedTest
  @EnumSource
  void eval_everyTypePair_failsUnlessDefined(BinaryOp op) {
    if (CLOSURES.contains(op)) {
      // Their right side is no value but a closure; without one they are defined for nothing.
      SAMPLES.values().forEach(l -> SAMPLES.values().forEach(r -> assertInvalid(op, l, r)));
      return;
    }
    SAMPLES.forEach(
        (left, l) ->
            SAMPLES.forEach(
                (right, r) -> {
                  if (defined(op, left, right)) {
                    assertThat(eval(binary(op, l, r))).isNotNull();
                  } else {
                    assertInvalid(op, l, r);
                  }
                }));
  }

  @ParameterizedTest
  @EnumSource
  void eval_closureWhereNoneBelongs_failsAfterLeftSide(BinaryOp op) {
    Expression closure =
        new Expression.Closure(List.of("a", "b"), new Expression.Value(Values.TRUE));
    Expression one = new Expression.Value(new Term.Int(1));
    Expression failing = new Expression.Binary(BinaryOp.DIV, one, value(new Term.Int(0)));
    assertCode(new Expression.Binary(op, one, closure), ErrorCode.INVALID_TYPE);
    assertCode(new Expression.Binary(op, closure, one), ErrorCode.INVALID_TYPE);
    if (op != BinaryOp.TRY_OR) {
      assertCode(new Expression.Binary(op, failing, closure), ErrorCode.DIVISION_BY_ZERO);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eval_unaryOfClosure_fails(UnaryOp op) {
    Expression closure = new Expression.Closure(List.of(), value(Values.TRUE));
    assertCode(new Expression.Unary(op, closure), ErrorCode.INVALID_TYPE);
  }

  @Test
  void eval_bothSidesOfEagerLogic_evaluated() {
    Expression failing = binary(BinaryOp.DIV, new Term.Int(1), new Term.Int(0));
    Expression no = value(Values.FALSE);
    assertCode(new Expression.Binary(BinaryOp.AND, no, failing), ErrorCode.DIVISION_BY_ZERO);
    for (boolean left : new boolean[] {false, true}) {
      for (boolean right : new boolean[] {false, true}) {
        Term l = Values.of(left);
        Term r = Values.of(right);
        assertThat(eval(binary(BinaryOp.OR, l, r))).isEqualTo(Values.of(left || right));
        assertThat(eval(binary(BinaryOp.AND, l, r))).isEqualTo(Values.of(left && right));
      }
    }
    assertThatThrownBy(() -> eval(binary(BinaryOp.AND, new Term.Int(1), Values.TRUE)))
        .hasMessageStartingWith("&&& is not defined for ");
    assertThatThrownBy(() -> eval(binary(BinaryOp.OR, new Term.Int(1), Values.TRUE)))
        .hasMessageStartingWith("||| is not defined for ");
    assertCode(
        new Expression.Binary(BinaryOp.OR, value(new Term.Int(1)), failing),
        ErrorCode.DIVISION_BY_ZERO);
  }

  @Test
  void eval_dates_unsigned() {
    Term early = new Term.Date(1);
    Term late = new Term.Date(-1);
    assertThat(eval(binary(BinaryOp.LESS_THAN, early, late))).isEqualTo(Values.TRUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff})
  void eval_lengthOfString_isItsBytesInUtf8(int codePoint) {
    String text = "a" + Character.toString(codePoint);
    long bytes = text.getBytes(StandardCharsets.UTF_8).length;
    assertThat(eval(new Expression.Unary(UnaryOp.LENGTH, value(new Term.Str(text)))))
        .isEqualTo(new Term.Int(bytes));
  }

  @Test
  void compile_highestExpression_evaluates() {
    assertThat(eval(negations(Expression.MAX_HEIGHT - 1))).isInstanceOf(Term.Bool.class);
    assertCode(negations(Expression.MAX_HEIGHT), ErrorCode.INVALID_DATALOG);
    assertCode(negations(100_000), ErrorCode.INVALID_DATALOG);
  }

  static Stream<Arguments> levels() {
    Expression text = value(new Term.Str("text"));
    return Stream.of(
        levels("left", 1, e -> new Expression.Binary(BinaryOp.LENIENT_EQUAL, e, text)),
        levels("right", 1, e -> new Expression.Binary(BinaryOp.LENIENT_EQUAL, text, e)),
        levels("receiver", 1, e -> new Expression.Extern("constant", e, null)),
        levels("argument", 1, e -> new Expression.Extern("constant", text, e)),
        levels(
            "closure",
            2,
            e ->
                new Expression.Binary(
                    BinaryOp.LAZY_AND, value(Values.TRUE), new Expression.Closure(List.of(), e))));
  }

  private static Arguments levels(String name, int height, UnaryOperator<Expression> around) {
    return Arguments.of(name, height, around);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("levels")
  void compile_highestOfEachKind_evaluates(
      String name, int height, UnaryOperator<Expression> around) {
    Expression highest = value(Values.TRUE);
    for (int i = 0; i < (Expression.MAX_HEIGHT - 1) / height; i++) {
      highest = around.apply(highest);
    }
    assertThat(eval(highest)).isInstanceOf(Term.Bool.class);
    assertCode(around.apply(highest), ErrorCode.INVALID_DATALOG);
  }

  @Test
  void compile_deepestTerm_evaluates() {
    assertThat(eval(value(nested(Term.MAX_DEPTH)))).isEqualTo(nested(Term.MAX_DEPTH));
    assertCode(value(nested(Term.MAX_DEPTH + 1)), ErrorCode.INVALID_DATALOG);
    Term.Int key = new Term.Int(1);
    Term deepest = nested(Term.MAX_DEPTH - 1);
    Term deeper = nested(Term.MAX_DEPTH);
    assertThat(eval(value(Term.Set.of(List.of(deepest))))).isInstanceOf(Term.Set.class);
    assertThat(eval(value(Term.Map.of(Map.of(key, deepest))))).isInstanceOf(Term.Map.class);
    assertCode(value(Term.Set.of(List.of(deeper))), ErrorCode.INVALID_DATALOG);
    assertCode(value(Term.Map.of(Map.of(key, deeper))), ErrorCode.INVALID_DATALOG);
  }

  @Test
  void eval_largeValues_chargedInProportion() {
    String text = "x".repeat(100_000);
    Expression joined = binary(BinaryOp.ADD, new Term.Str(text), new Term.Str(text));
    assertThat(steps(joined)).isGreaterThan(10_000);
    assertThat(steps(binary(BinaryOp.CONTAINS, new Term.Str(text), new Term.Str("y".repeat(999)))))
        .isGreaterThan(100_000);
    assertThat(steps(binary(BinaryOp.REGEX, new Term.Str(text), new Term.Str("(x*)*y"))))
        .isGreaterThan(10_000);
    List<Term> elements = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      elements.add(new Term.Int(i));
    }
    Term set = Term.Set.of(elements);
    for (BinaryOp op : EnumSet.of(BinaryOp.UNION, BinaryOp.INTERSECTION, BinaryOp.CONTAINS)) {
      assertThat(steps(binary(op, set, set))).as(op.text()).isGreaterThan(5_000);
    }
  }

  private static final Set<BinaryOp> CLOSURES =
      EnumSet.of(BinaryOp.LAZY_AND, BinaryOp.LAZY_OR, BinaryOp.ALL, BinaryOp.ANY, BinaryOp.TRY_OR);

  private static boolean defined(BinaryOp op, String left, String right) {
    boolean same = left.equals(right);
    return switch (op) {
      case LESS_THAN, GREATER_THAN, LESS_OR_EQUAL, GREATER_OR_EQUAL ->
          same && Set.of("integer", "date").contains(left);
      case EQUAL, NOT_EQUAL -> same;
      case LENIENT_EQUAL, LENIENT_NOT_EQUAL -> true;
      case CONTAINS ->
          switch (left) {
            case "string" -> same;
            case "set" -> !Set.of("null", "array", "map").contains(right);
            case "array", "map" -> true;
            default -> false;
          };
      case PREFIX, SUFFIX -> same && Set.of("string", "array").contains(left);
      case REGEX -> same && left.equals("string");
      case ADD -> same && Set.of("integer", "string").contains(left);
      case SUB, MUL, DIV, BITWISE_AND, BITWISE_OR, BITWISE_XOR -> same && left.equals("integer");
      case AND, OR -> same && left.equals("bool");
      case INTERSECTION, UNION -> same && left.equals("set");
      case GET ->
          (left.equals("array") && right.equals("integer"))
              || (left.equals("map") && Set.of("integer", "string").contains(right));
      case LAZY_AND, LAZY_OR, ALL, ANY, TRY_OR -> false;
    };
  }

  private static Map<String, Term> samples() {
    Map<String, Term> samples = new LinkedHashMap<>();
    samples.put("integer", new Term.Int(3));
    samples.put("string", new Term.Str("a"));
    samples.put("date", new Term.Date(3));
    samples.put("bytes", new Term.Bytes(new byte[] {3}));
    samples.put("bool", Values.TRUE);
    samples.put("set", Term.Set.of(List.of(new Term.Int(3))));
    samples.put("null", Values.NULL);
    samples.put("array", new Term.Array(List.of(new Term.Int(3))));
    samples.put("map", Term.Map.of(Map.of(new Term.Int(3), new Term.Int(3))));
    return samples;
  }

  private static Expression negations(int count) {
    Expression e = value(Values.TRUE);
    for (int i = 0; i < count; i++) {
      e = new Expression.Unary(UnaryOp.NEGATE, e);
    }
    return e;
  }

  private static Term nested(int depth) {
    Term term = new Term.Int(1);
    for (int i = 1; i < depth; i++) {
      term = new Term.Array(List.of(term));
    }
    return term;
  }

  private static void assertInvalid(BinaryOp op, Term left, Term right) {
    assertCode(binary(op, left, right), ErrorCode.INVALID_TYPE);
  }

  private static void assertCode(Expression expression, ErrorCode code) {
    assertThatThrownBy(() -> eval(expression))
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Expression parse(String text) {
    // The predicate is for the parser, which wants every variable bound.
    String check = "check if p($i, $s, $l, $nobody), " + text;
    return Datalog.check(check).queries().get(0).expressions().get(0);
  }

  private static Expression value(Term term) {
    return new Expression.Value(term);
  }

  private static Expression binary(BinaryOp op, Term left, Term right) {
    return new Expression.Binary(op, value(left), value(right));
  }

  private static Term eval(Expression expression) {
    return eval(expression, Accounts.of(RunLimits.defaults()));
  }

  private static long steps(Expression expression) {
    RunLimits limits = RunLimits.defaults().withMaxSteps(1_000_000_000);
    Accounts budget = Accounts.of(limits);
    assertThat(eval(expression, budget)).isNotNull();
    return budget.stepsUsed();
  }

  private static Term eval(Expression expression, Accounts budget) {
    return run(expression, budget, Node::eval);
  }

  private static boolean test(Expression expression) {
    return run(expression, Accounts.of(RunLimits.defaults()), Node::test);
  }

  private static <T> T run(
      Expression expression, Accounts budget, BiFunction<Node, Frame, T> evaluation) {
    Variables variables = new Variables();
    List.of("i", "s", "l").forEach(variables::add);
    ExpressionCompiler compiler = new ExpressionCompiler(variables, null);
    Node node = compiler.compile(expression);
    Frame frame = new Frame(compiler.slots(), budget, EXTERNS);
    frame.slots[0] = new Term.Int(7);
    frame.slots[1] = new Term.Str("abc");
    frame.slots[2] = new Term.Array(List.of(new Term.Int(1), new Term.Int(2)));
    budget.watch.start();
    return evaluation.apply(node, frame);
  }
}
