package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlockEncoderTest {
  private static final Expression TRUE = new Expression.Value(new Term.Bool(true));
  private static final Expression CLOSURE = new Expression.Closure(List.of(), TRUE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "3 ~ right(1, \"a\", true, hex:00, 2020-01-01T00:00:00Z, {1}); check if 1 < 2;",
        "3 ~ check if 1 === 1, \"a\".matches(\"b\"), !{1, 2}.contains(3);",
        "4 ~ check all right($x);",
        "4 ~ check if true trusting authority;",
        "4 ~ r($x) <- right($x) trusting previous;",
        "4 ~ check if 1 & 2 === 0;",
        "4 ~ check if 1 !== 2;",
        "6 ~ reject if true;",
        "6 ~ check if null === null;",
        "6 ~ fact(null);",
        "6 ~ fact({null, null});",
        "6 ~ fact([1]);",
        "6 ~ r([1]) <- right(1);",
        "6 ~ check if right({\"a\": 1});",
        "6 ~ check if $x.get(1) === 1, right($x);",
        "6 ~ check if 1 == 1;",
        "6 ~ check if 1 != 2;",
        "6 ~ check if true && true;",
        "6 ~ check if true || true;",
        "6 ~ check if 1.type() === \"integer\";",
        "6 ~ check if {1, 2}.all($x -> $x > 0);",
        "6 ~ check if (1 / 0 > 0).try_or(false);",
        "6 ~ check if 1.extern::test();",
        "6 ~ check if 1.extern::test(2);",
      })
  void encode_feature_declaresLowestVersion(int version, String text) {
    Block block = Datalog.block(text);
    Block.Decoded decoded = decode(BlockEncoder.encode(block, new TokenTables()));

    assertThat(BlockVersions.lowest(block)).isEqualTo(version);
    assertThat(decoded.version()).isEqualTo(version);
    assertThat(decoded.block()).isEqualTo(block);
  }

  @Test
  void encodeThirdParty_oldFeatures_declaresVersion5() {
    byte[] payload = BlockEncoder.encodeThirdParty(Datalog.block("fact(1);"));

    assertThat(decode(payload).version()).isEqualTo(5);
  }

  static Stream<Arguments> unwritable() {
    return Stream.of(
        Arguments.of("closure", ErrorCode.INVALID_DATALOG, check(CLOSURE)),
        Arguments.of(
            "negated closure",
            ErrorCode.INVALID_DATALOG,
            check(new Expression.Unary(UnaryOp.NEGATE, CLOSURE))),
        Arguments.of(
            "closure in a call",
            ErrorCode.INVALID_DATALOG,
            check(new Expression.Extern("f", TRUE, CLOSURE))),
        Arguments.of(
            "closure in a closure",
            ErrorCode.INVALID_DATALOG,
            check(
                new Expression.Binary(
                    BinaryOp.LAZY_AND, TRUE, new Expression.Closure(List.of(), CLOSURE)))),
        Arguments.of(
            "lazy operation without closure",
            ErrorCode.INVALID_DATALOG,
            check(new Expression.Binary(BinaryOp.LAZY_OR, TRUE, TRUE))),
        Arguments.of(
            "any without parameter",
            ErrorCode.INVALID_DATALOG,
            check(new Expression.Binary(BinaryOp.ANY, TRUE, CLOSURE))),
        Arguments.of(
            "check without query",
            ErrorCode.INVALID_DATALOG,
            Block.builder().check(new Check(Check.Kind.IF, List.of())).build()),
        Arguments.of(
            "set of two types",
            ErrorCode.INVALID_DATALOG,
            fact(Term.Set.of(List.<Term>of(new Term.Int(1), new Term.Bool(true))))),
        Arguments.of(
            "half a surrogate pair", ErrorCode.INVALID_DATALOG, fact(new Term.Str("a\uD83D"))),
        Arguments.of(
            "the other half", ErrorCode.INVALID_DATALOG, fact(new Term.Str("\uDE01\uD83D"))),
        Arguments.of(
            "context of half a pair",
            ErrorCode.INVALID_DATALOG,
            Block.builder().context("\uD83D").build()),
        Arguments.of("deep term", ErrorCode.DECODE_LIMIT, fact(array(Term.MAX_DEPTH))),
        Arguments.of(
            "high expression", ErrorCode.DECODE_LIMIT, check(negations(Expression.MAX_HEIGHT))),
        Arguments.of("very high expression", ErrorCode.DECODE_LIMIT, check(negations(100_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unwritable")
  void encode_unwritable_isRefused(String name, ErrorCode code, Block block) {
    assertThatThrownBy(() -> BlockEncoder.encode(block, new TokenTables()))
        .as(name)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void encode_atLimits_isReadBack() {
    Block block =
        Block.builder()
            .fact("deep", array(Term.MAX_DEPTH - 1))
            .merge(check(negations(Expression.MAX_HEIGHT - 1)))
            .build();

    assertThat(decode(BlockEncoder.encode(block, new TokenTables())).block()).isEqualTo(block);
  }

  private static Block.Decoded decode(byte[] payload) {
    return BlockDecoder.decode(payload, 0, null, new TokenTables(), DecodeLimits.DEFAULT);
  }

  private static Block fact(Term term) {
    return Block.builder().fact("fact", term).build();
  }

  private static Block check(Expression expression) {
    return Block.builder()
        .check(
            new Check(Check.Kind.IF, List.of(new Query(List.of(), List.of(expression), List.of()))))
        .build();
  }

  private static Term array(int levels) {
    Term term = new Term.Int(1);
    for (int i = 0; i < levels; i++) {
      term = new Term.Array(List.of(term));
    }
    return term;
  }

  private static Expression negations(int count) {
    Expression expression = TRUE;
    for (int i = 0; i < count; i++) {
      expression = new Expression.Unary(UnaryOp.NEGATE, expression);
    }
    return expression;
  }
}
