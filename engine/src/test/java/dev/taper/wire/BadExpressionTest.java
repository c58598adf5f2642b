package dev.taper.wire;

import static dev.taper.wire.Bytes.field;
import static dev.taper.wire.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.wire.oracle.Oracle;
import dev.taper.wire.oracle.Oracle.OpBinary.Kind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every payload with bad expressions, missing parts, features of newer versions, or too much of
 * anything is refused with its code, in bounded time.
 */
class BadExpressionTest extends BlockCases {
  static List<Case> bad() {
    BadExpressionTest test = new BadExpressionTest();
    test.stacks();
    test.missing();
    test.features();
    test.deep();
    return test.cases;
  }

  @ParameterizedTest
  @MethodSource("bad")
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void decode_badBlock_isRefused(Case bad) {
    assertRefused(bad);
  }

  @Test
  void bad_names_areUnique() {
    assertThat(bad()).extracting(Case::name).doesNotHaveDuplicates();
    assertThat(bad()).hasSizeGreaterThan(60);
  }

  private void stacks() {
    ErrorCode malformed = ErrorCode.MALFORMED_BLOCK;
    ops("empty expression", 6, malformed);
    ops("two values", 6, malformed, value(), value());
    ops("unary without operand", 6, malformed, unary(Oracle.OpUnary.Kind.Negate));
    ops("binary without operands", 6, malformed, binary(Kind.And));
    ops("binary with one operand", 6, malformed, value(), binary(Kind.And));
    ops("operation before operand", 6, malformed, unary(Oracle.OpUnary.Kind.Parens), value());
    ops("closure alone", 6, malformed, closure());
    ops("negated closure", 6, malformed, closure(), unary(Oracle.OpUnary.Kind.Negate));
    ops("closure left of and", 6, malformed, closure(), value(), binary(Kind.And));
    ops("closure right of and", 6, malformed, value(), closure(), binary(Kind.And));
    ops("lazy and without closure", 6, malformed, value(), value(), binary(Kind.LazyAnd));
    ops("lazy or with parameter", 6, malformed, value(), closure(0), binary(Kind.LazyOr));
    ops("lazy and, closure left", 6, malformed, closure(), value(), binary(Kind.LazyAnd));
    ops("all without closure", 6, malformed, value(), value(), binary(Kind.All));
    ops("all without parameter", 6, malformed, value(), closure(), binary(Kind.All));
    ops("any with two parameters", 6, malformed, value(), closure(0, 1), binary(Kind.Any));
    ops("try without closure", 6, malformed, value(), value(), binary(Kind.TryOr));
    ops("try with parameter", 6, malformed, closure(0), value(), binary(Kind.TryOr));
    ops("try with two closures", 6, malformed, closure(), closure(), binary(Kind.TryOr));
    ops(
        "empty closure",
        6,
        malformed,
        value(),
        Oracle.Op.newBuilder().setClosure(Oracle.OpClosure.getDefaultInstance()),
        binary(Kind.LazyAnd));
    ops("call without a name", 6, malformed, value(), unary(Oracle.OpUnary.Kind.Ffi));
    ops("two operands, no name", 6, malformed, value(), value(), binary(Kind.Ffi));
    ops(
        "name without a call",
        6,
        malformed,
        value(),
        Oracle.Op.newBuilder()
            .setUnary(
                Oracle.OpUnary.newBuilder().setKind(Oracle.OpUnary.Kind.Negate).setFfiName(0)));
    ops(
        "name without a binary call",
        6,
        malformed,
        value(),
        value(),
        Oracle.Op.newBuilder()
            .setBinary(Oracle.OpBinary.newBuilder().setKind(Kind.And).setFfiName(0)));
    ops("empty operation", 6, malformed, Oracle.Op.newBuilder());
    ops("call without operand", 6, malformed, call());
    ops("call of two with one operand", 6, malformed, value(), callOfTwo());
    ops("call of a closure", 6, malformed, closure(), call());
    ops("call with a closure", 6, malformed, value(), closure(), callOfTwo());
    for (int[] unknown : new int[][] {{2, 5}, {3, 30}}) {
      ByteString op = field(unknown[0], field(1, unknown[1]));
      ByteString expression = field(3, field(1, op));
      add(
          "operation " + unknown[1],
          malformed,
          VERSION_6.concat(field(6, field(1, field(1, field(1, 27)).concat(expression)))));
    }
  }

  private static Oracle.Op.Builder call() {
    return Oracle.Op.newBuilder()
        .setUnary(Oracle.OpUnary.newBuilder().setKind(Oracle.OpUnary.Kind.Ffi).setFfiName(0));
  }

  private static Oracle.Op.Builder callOfTwo() {
    return Oracle.Op.newBuilder()
        .setBinary(Oracle.OpBinary.newBuilder().setKind(Kind.Ffi).setFfiName(0));
  }

  private void missing() {
    ErrorCode malformed = ErrorCode.MALFORMED_BLOCK;
    block("fact without predicate", 6, malformed, b -> b.addFactsBuilder());
    block("predicate without name", 6, malformed, b -> b.addFactsBuilder().getPredicateBuilder());
    block("rule without head", 6, malformed, b -> b.addRulesBuilder().addBodyBuilder().setName(0));
    block("check without queries", 6, malformed, b -> b.addChecksBuilder());
    block("query without head", 6, malformed, b -> b.addChecksBuilder().addQueriesBuilder());
    block("empty scope", 6, malformed, b -> b.addScopeBuilder());
    add("scope type 2", malformed, VERSION_6.concat(field(7, field(1, 2))));
    add("check kind 3", malformed, VERSION_6.concat(field(6, field(2, 3))));
    fact(
        "entry without key",
        6,
        malformed,
        map(Oracle.MapEntry.newBuilder().setValue(term().setInteger(1))));
    fact(
        "entry without value",
        6,
        malformed,
        map(Oracle.MapEntry.newBuilder().setKey(Oracle.MapKey.newBuilder().setInteger(1))));
    fact(
        "empty key",
        6,
        malformed,
        map(
            Oracle.MapEntry.newBuilder()
                .setKey(Oracle.MapKey.getDefaultInstance())
                .setValue(term().setInteger(1))));
    ops(
        "unary without kind",
        6,
        malformed,
        value(),
        Oracle.Op.newBuilder().setUnary(Oracle.OpUnary.getDefaultInstance()));
    block(
        "key without algorithm",
        6,
        malformed,
        b -> b.addPublicKeysBuilder().setKey(OracleBlocks.key(KEY).getKey()));
    block(
        "key without bytes",
        6,
        malformed,
        b -> b.addPublicKeysBuilder().setAlgorithm(Oracle.PublicKey.Algorithm.Ed25519));
  }

  private void features() {
    ErrorCode feature = ErrorCode.FEATURE_NOT_IN_VERSION;
    block("scope", 3, feature, b -> b.addScopeBuilder().setPublicKey(0));
    block(
        "scope of a rule",
        3,
        feature,
        b -> {
          Oracle.Rule.Builder rule = b.addRulesBuilder();
          rule.getHeadBuilder().setName(0);
          rule.addScopeBuilder().setPublicKey(0);
        });
    for (Oracle.Check.Kind kind : List.of(Oracle.Check.Kind.One, Oracle.Check.Kind.All)) {
      block(
          "kind " + kind,
          3,
          feature,
          b -> {
            expression(b, value());
            b.getChecksBuilder(0).setKind(kind);
          });
    }
    block(
        "reject",
        5,
        feature,
        b -> {
          expression(b, value());
          b.getChecksBuilder(0).setKind(Oracle.Check.Kind.Reject);
        });
    for (Kind kind : List.of(Kind.BitwiseAnd, Kind.BitwiseOr, Kind.BitwiseXor, Kind.NotEqual)) {
      ops(kind.toString(), 3, feature, value(), value(), binary(kind));
    }
    for (Kind kind : List.of(Kind.HeterogeneousEqual, Kind.HeterogeneousNotEqual)) {
      ops(kind.toString(), 5, feature, value(), value(), binary(kind));
    }
    ops("lazy and", 5, feature, value(), closure(), binary(Kind.LazyAnd));
    ops("try", 5, feature, closure(), value(), binary(Kind.TryOr));
    ops("all", 5, feature, value(), closure(0), binary(Kind.All));
    ops("type", 5, feature, value(), unary(Oracle.OpUnary.Kind.TypeOf));
    ops("call", 5, feature, value(), call());
    ops("call of two", 5, feature, value(), value(), callOfTwo());
    ops("closure", 5, feature, closure());
    ops("null", 5, feature, nullValue());
    fact(
        "null in a set",
        5,
        feature,
        term()
            .setSet(
                Oracle.TermSet.newBuilder()
                    .addSet(term().setNull(Oracle.Empty.getDefaultInstance()))));
  }

  private void deep() {
    ErrorCode limit = ErrorCode.DECODE_LIMIT;
    ByteString negation = field(1, field(2, field(1, 0)));
    ByteString.Output negations = ByteString.newOutput();
    ByteString truth = field(1, field(1, field(6, 1)));
    for (int i = 0; i < 20_000; i++) {
      writeTo(negation, negations);
    }
    add("20,000 negations", limit, check(truth.concat(negations.toByteString())));
    add("256 negations", limit, check(truth.concat(repeat(negation, 256))));
    ByteString one = field(2, 1);
    for (int levels : new int[] {64, 50_000}) {
      add(levels + " arrays", limit, fact(Bytes.nested(levels, one, 9, 1)));
      add(levels + " maps", limit, fact(Bytes.nested(levels, one, 10, 1, 2)));
      add(levels + " sets", limit, fact(Bytes.nested(levels, one, 7, 1)));
    }
    for (int levels : new int[] {256, 50_000}) {
      add(
          levels + " closures",
          limit,
          check(field(1, Bytes.nested(levels, field(1, field(6, 1)), 4, 2))));
    }
    block(
        "too many symbols",
        6,
        limit,
        b -> {
          for (int i = 0; i < DecodeLimits.DEFAULT.maxSymbols(); i++) {
            b.addSymbols("s" + i);
          }
        });
    block(
        "too many elements",
        6,
        limit,
        b -> {
          for (int i = 0; i <= DecodeLimits.DEFAULT.maxElements(); i++) {
            b.addFactsBuilder().getPredicateBuilder().setName(0);
          }
        });
    add(
        "too many keys",
        limit,
        VERSION_6.concat(
            repeat(
                field(8, OracleBlocks.key(KEY).toByteString()), DecodeLimits.DEFAULT.maxKeys())));
    add(
        "too many bytes",
        limit,
        VERSION_6.concat(field(2, repeat(hex("61"), DecodeLimits.HARD_MAX_BYTES))));
  }
}
