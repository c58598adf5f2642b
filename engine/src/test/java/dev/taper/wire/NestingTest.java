package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import dev.taper.testing.Refused;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How deep terms and expressions may be, by whatever they are nested in: written and read. */
class NestingTest {
  private static final Expression TRUE = new Expression.Value(new Term.Bool(true));
  private static final Expression CLOSURE = new Expression.Closure(List.of(), TRUE);

  /** Each with the levels that it adds. */
  private static Stream<Arguments> expressions() {
    return Stream.of(
        of("unary", 1, inner -> new Expression.Unary(UnaryOp.NEGATE, inner)),
        of("left", 1, inner -> new Expression.Binary(BinaryOp.AND, inner, TRUE)),
        of("right", 1, inner -> new Expression.Binary(BinaryOp.AND, TRUE, inner)),
        of("receiver", 1, inner -> new Expression.Extern("f", inner, null)),
        of("receiver of two", 1, inner -> new Expression.Extern("f", inner, TRUE)),
        of("argument", 1, inner -> new Expression.Extern("f", TRUE, inner)),
        of(
            "closure",
            2,
            inner ->
                new Expression.Binary(
                    BinaryOp.LAZY_AND, TRUE, new Expression.Closure(List.of(), inner))));
  }

  private static Arguments of(String name, int levels, UnaryOperator<Expression> nested) {
    return Arguments.of(name, levels, nested);
  }

  private static Expression nested(int times, UnaryOperator<Expression> by) {
    Expression expression = TRUE;
    for (int i = 0; i < times; i++) {
      expression = by.apply(expression);
    }
    return expression;
  }

  private static Query query(Expression expression) {
    return new Query(List.of(), List.of(expression), List.of());
  }

  private static Block check(Expression expression) {
    return Block.builder().check(new Check(Check.Kind.IF, List.of(query(expression)))).build();
  }

  private static void write(Expression expression) {
    Policy policy = new Policy(Policy.Kind.ALLOW, List.of(query(expression)));
    new DatalogWriter(new ProtoWriter(16), new TokenTables()).policy(1, policy);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void expression_asHighAsMayBe_isWrittenAndReadBack(
      String name, int levels, UnaryOperator<Expression> by) {
    Block block = check(nested((Expression.MAX_HEIGHT - 1) / levels, by));

    byte[] written = BlockEncoder.encode(block, new TokenTables());

    assertThat(
            BlockDecoder.decode(written, 0, null, new TokenTables(), DecodeLimits.DEFAULT).block())
        .isEqualTo(block);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void expression_higher_isRefusedByWhoWritesIt(
      String name, int levels, UnaryOperator<Expression> by) {
    Expression high = nested((Expression.MAX_HEIGHT - 1) / levels + 1, by);

    Refused.with(ErrorCode.DECODE_LIMIT, "higher than", () -> write(high));
    Refused.with(ErrorCode.DECODE_LIMIT, () -> BlockEncoder.encode(check(high), new TokenTables()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void expression_higher_hasNoVersion(String name, int levels, UnaryOperator<Expression> by) {
    Expression most = nested(Expression.MAX_HEIGHT - 1, by);

    assertThat(BlockVersions.lowest(check(most))).isBetween(3, 6);
    if (BlockVersions.lowest(check(by.apply(TRUE))) < BlockVersions.NEWEST) {
      Refused.with(ErrorCode.DECODE_LIMIT, () -> BlockVersions.lowest(check(by.apply(most))));
    }
  }

  /** A writer without a limit wrote them: the operations behind the values that they take. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("readers")
  void expression_higher_isRefusedByWhoReadsIt(
      String name, int levels, ByteString before, ByteString after) {
    int most = (Expression.MAX_HEIGHT - 1) / levels;
    ByteString truth = Bytes.field(1, Bytes.field(1, Bytes.field(6, 1)));

    for (int times : new int[] {most, most + 1}) {
      ByteString ops =
          BlockCases.repeat(before, times).concat(truth).concat(BlockCases.repeat(after, times));
      if (times == most) {
        assertThat(BlockCases.decode(BlockCases.check(ops), null).block().checks()).hasSize(1);
      } else {
        Refused.with(
            ErrorCode.DECODE_LIMIT,
            "higher than",
            () -> BlockCases.decode(BlockCases.check(ops), null));
      }
    }
  }

  private static Stream<Arguments> readers() {
    ByteString nothing = ByteString.EMPTY;
    ByteString truth = Bytes.field(1, Bytes.field(1, Bytes.field(6, 1)));
    ByteString and = Bytes.field(1, Bytes.field(3, Bytes.field(1, 9)));
    ByteString call =
        Bytes.field(1, Bytes.field(2, Bytes.field(1, Operators.UNARY_EXTERN).concat(name())));
    ByteString callOfTwo =
        Bytes.field(1, Bytes.field(3, Bytes.field(1, Operators.BINARY_EXTERN).concat(name())));
    return Stream.of(
        Arguments.of("unary", 1, nothing, Bytes.field(1, Bytes.field(2, Bytes.field(1, 0)))),
        Arguments.of("left", 1, nothing, truth.concat(and)),
        Arguments.of("right", 1, truth, and),
        Arguments.of("receiver", 1, nothing, call),
        Arguments.of("receiver of two", 1, nothing, truth.concat(callOfTwo)),
        Arguments.of("argument", 1, truth, callOfTwo));
  }

  private static ByteString name() {
    return Bytes.field(2, 0);
  }

  /** Two levels each: the operation, and the closure in it. */
  @Test
  void closures_higher_areRefusedByWhoReadsThem() {
    ByteString truth = Bytes.field(1, Bytes.field(1, Bytes.field(6, 1)));
    ByteString lazy = Bytes.field(1, Bytes.field(3, Bytes.field(1, 24)));
    for (int times : new int[] {127, 128}) {
      ByteString ops = truth;
      for (int i = 0; i < times; i++) {
        ByteString inner = inClosure(ops);
        ops = truth.concat(Bytes.field(1, Bytes.field(4, inner))).concat(lazy);
      }
      ByteString payload = BlockCases.check(ops);
      if (times == 127) {
        assertThat(BlockCases.decode(payload, null).block().checks()).hasSize(1);
      } else {
        Refused.with(ErrorCode.DECODE_LIMIT, "higher than", () -> BlockCases.decode(payload, null));
      }
    }
  }

  /** The operations of an expression, as those of a closure: in its second field. */
  private static ByteString inClosure(ByteString ops) {
    ByteString.Output out = ByteString.newOutput();
    int at = 0;
    while (at < ops.size()) {
      int size = 0;
      int shift = 0;
      int next = at + 1;
      byte part;
      do {
        part = ops.byteAt(next++);
        size |= (part & 0x7F) << shift;
        shift += 7;
      } while (part < 0);
      BlockCases.writeTo(Bytes.field(2, ops.substring(next, next + size)), out);
      at = next + size;
    }
    return out.toByteString();
  }

  /** Each with an innermost term, and how many levels that has. */
  private static Stream<Arguments> terms() {
    Term one = new Term.Int(1);
    UnaryOperator<Term> array = inner -> new Term.Array(List.of(inner));
    UnaryOperator<Term> map = inner -> new Term.Map(new TreeMap<>(Map.of(new Term.Int(1), inner)));
    return Stream.of(
        Arguments.of("array", array, one, 1),
        Arguments.of("map", map, one, 1),
        Arguments.of("set in arrays", array, Term.Set.of(List.of(one)), 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("terms")
  void term_deeper_isRefusedByWhoWritesIt(
      String name, UnaryOperator<Term> by, Term innermost, int levels) {
    Term term = innermost;
    for (int i = levels; i < Term.MAX_DEPTH; i++) {
      term = by.apply(term);
    }
    Block most = Block.builder().fact("a", term).build();
    Block more = Block.builder().fact("a", by.apply(term)).build();

    assertThat(BlockEncoder.encode(most, new TokenTables())).isNotEmpty();
    Refused.with(
        ErrorCode.DECODE_LIMIT, "deeper than", () -> BlockEncoder.encode(more, new TokenTables()));
  }

  private static Stream<Arguments> misplaced() {
    Expression withParameter = new Expression.Closure(List.of("x"), TRUE);
    String value = "a closure where a value is needed";
    return Stream.of(
        Arguments.of(value, CLOSURE),
        Arguments.of(value, new Expression.Unary(UnaryOp.NEGATE, CLOSURE)),
        Arguments.of(value, new Expression.Binary(BinaryOp.AND, CLOSURE, TRUE)),
        Arguments.of(value, new Expression.Binary(BinaryOp.AND, TRUE, CLOSURE)),
        Arguments.of(value, new Expression.Extern("f", CLOSURE, null)),
        Arguments.of(value, new Expression.Extern("f", TRUE, CLOSURE)),
        Arguments.of(
            value,
            new Expression.Binary(
                BinaryOp.LAZY_AND, TRUE, new Expression.Closure(List.of(), CLOSURE))),
        Arguments.of(
            "not a closure of 0 parameters",
            new Expression.Binary(BinaryOp.LAZY_OR, TRUE, withParameter)),
        Arguments.of(
            "not a closure of 0 parameters", new Expression.Binary(BinaryOp.LAZY_OR, TRUE, TRUE)),
        Arguments.of(
            "not a closure of 1 parameters", new Expression.Binary(BinaryOp.ANY, TRUE, CLOSURE)));
  }

  @ParameterizedTest
  @MethodSource("misplaced")
  void closure_atAWrongPlace_isRefusedByWhoWritesIt(String said, Expression expression) {
    Refused.with(ErrorCode.INVALID_DATALOG, said, () -> write(expression));
  }
}
