package dev.taper.wire;

import static dev.taper.wire.Bytes.field;
import static dev.taper.wire.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.taper.ErrorCode;
import dev.taper.wire.oracle.Oracle;
import dev.taper.wire.oracle.Oracle.OpBinary.Kind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every payload with bad bytes, tables or terms is refused with its code, in bounded time. */
class BadBlockTest extends BlockCases {
  static List<Case> bad() {
    BadBlockTest test = new BadBlockTest();
    test.bytes();
    test.tables();
    test.terms();
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
    assertThat(bad()).hasSizeGreaterThan(90);
  }

  private void bytes() {
    ErrorCode malformed = ErrorCode.MALFORMED_BLOCK;
    add("empty", ErrorCode.UNSUPPORTED_VERSION, ByteString.EMPTY);
    add("version 2", ErrorCode.UNSUPPORTED_VERSION, field(3, 2));
    add("version 7", ErrorCode.UNSUPPORTED_VERSION, field(3, 7));
    add("version 2^32-1", ErrorCode.UNSUPPORTED_VERSION, field(3, 0xFFFF_FFFFL));
    add("version 2^32+3", malformed, field(3, (1L << 32) + 3));
    add("version -1", malformed, field(3, -1));
    add("version twice", malformed, VERSION_6.concat(VERSION_6));
    add("context twice", malformed, VERSION_6.concat(hex("1201 61 1201 61")));
    add("field 9", malformed, VERSION_6.concat(field(9, 1)));
    add("field 31", malformed, VERSION_6.concat(field(31, ByteString.EMPTY)));
    add("field 32, like 0 in five bits", malformed, VERSION_6.concat(field(32, 1)));
    add("field 33, like 1 in five bits", malformed, VERSION_6.concat(field(33, hex("61"))));
    add("field 0", malformed, VERSION_6.concat(hex("0001")));
    add("largest field", malformed, VERSION_6.concat(field(0x1FFF_FFFF, 1)));
    add("symbols as number", malformed, VERSION_6.concat(field(1, 1)));
    add("version as bytes", malformed, field(3, hex("06")));
    add("version as fixed 32", malformed, hex("1d 06000000"));
    add("version as fixed 64", malformed, hex("19 0600000000000000"));
    add("symbols as group", malformed, VERSION_6.concat(hex("0b 0c")));
    add("end of group", malformed, VERSION_6.concat(hex("0c")));
    add("wire type 6", malformed, VERSION_6.concat(hex("0e")));
    add("ends in a tag", malformed, VERSION_6.concat(hex("80")));
    add("ends after a tag", malformed, VERSION_6.concat(hex("0a")));
    add("ends in a length", malformed, VERSION_6.concat(hex("0a80")));
    add("ends in a string", malformed, VERSION_6.concat(hex("0a0261")));
    add("length 2^31-1", malformed, VERSION_6.concat(hex("0a ffffffff07")));
    add("length 2^32-1", malformed, VERSION_6.concat(hex("0a ffffffff0f")));
    add("length 2^63-1", malformed, VERSION_6.concat(hex("0a ffffffffffffffff7f")));
    add("length -1", malformed, VERSION_6.concat(hex("0a ffffffffffffffffff01")));
    add("fact of length 2^31-1", malformed, VERSION_6.concat(hex("22 ffffffff07")));
    add("long form of a number", malformed, hex("18 8600"));
    add("long form of a tag", malformed, hex("9800 06"));
    add("number of 65 bits", malformed, hex("18 ffffffffffffffffff02"));
    add("number of eleven bytes", malformed, hex("18 8080808080808080808001"));
    for (String text : List.of("c080", "ff", "c3", "eda080", "f4908080", "80", "e28228")) {
      add("symbol " + text, malformed, VERSION_6.concat(field(1, hex(text))));
      add("context " + text, malformed, VERSION_6.concat(field(2, hex(text))));
    }
    add("fact inside a too short fact", malformed, VERSION_6.concat(hex("22 02 0a 02 08 00")));
  }

  private void tables() {
    for (long id : new long[] {28, 1023, 1026, (1L << 32), (1L << 32) + 1024, -1, Long.MIN_VALUE}) {
      String name = "symbol " + Long.toUnsignedString(id);
      block(
          "predicate " + name,
          6,
          ErrorCode.UNKNOWN_SYMBOL,
          b -> b.addFactsBuilder().getPredicateBuilder().setName(id));
      fact("string " + name, 6, ErrorCode.UNKNOWN_SYMBOL, term().setString(id));
      ops(
          "function " + name,
          6,
          ErrorCode.UNKNOWN_SYMBOL,
          value(),
          Oracle.Op.newBuilder()
              .setUnary(
                  Oracle.OpUnary.newBuilder().setKind(Oracle.OpUnary.Kind.Ffi).setFfiName(id)));
    }
    ops(
        "variable 28",
        6,
        ErrorCode.UNKNOWN_SYMBOL,
        Oracle.Op.newBuilder().setValue(term().setVariable(28)));
    ops(
        "variable 2^32-1",
        6,
        ErrorCode.UNKNOWN_SYMBOL,
        Oracle.Op.newBuilder().setValue(term().setVariable(-1)));
    ops("parameter 28", 6, ErrorCode.UNKNOWN_SYMBOL, value(), closure(28), binary(Kind.All));
    ByteString wide = field(3, field(1, field(1, field(1, 1L << 32))));
    add(
        "variable 2^32",
        ErrorCode.MALFORMED_BLOCK,
        VERSION_6.concat(field(6, field(1, field(1, field(1, 27)).concat(wide)))));
    block("default symbol", 6, ErrorCode.SYMBOL_TABLE_OVERLAP, b -> b.addSymbols("query"));
    block("earlier symbol", 6, ErrorCode.SYMBOL_TABLE_OVERLAP, b -> b.addSymbols("earlier"));
    block(
        "earlier key",
        6,
        ErrorCode.PUBLIC_KEY_TABLE_OVERLAP,
        b -> b.addPublicKeys(OracleBlocks.key(EARLIER)));
    block(
        "key twice",
        6,
        ErrorCode.PUBLIC_KEY_TABLE_OVERLAP,
        b -> b.addPublicKeys(OracleBlocks.key(KEY)).addPublicKeys(OracleBlocks.key(KEY)));
    for (long id : new long[] {1, 1L << 32, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      block(
          "scope key " + id,
          6,
          ErrorCode.UNKNOWN_SCOPE_KEY,
          b -> b.addScopeBuilder().setPublicKey(id));
    }
    block(
        "short key",
        6,
        ErrorCode.INVALID_KEY,
        b ->
            b.addPublicKeysBuilder()
                .setAlgorithm(Oracle.PublicKey.Algorithm.Ed25519)
                .setKey(hex("00")));
    add(
        "unknown algorithm",
        ErrorCode.MALFORMED_BLOCK,
        VERSION_6.concat(field(8, field(1, 2).concat(field(2, ByteString.EMPTY)))));
  }

  private void terms() {
    ErrorCode malformed = ErrorCode.MALFORMED_BLOCK;
    fact("variable in a fact", 6, malformed, term().setVariable(0));
    fact("empty term", 6, malformed, term());
    Oracle.Term inner = term().setInteger(1).build();
    Oracle.TermSet set = Oracle.TermSet.newBuilder().addSet(inner).build();
    Oracle.Term variable = term().setVariable(0).build();
    fact(
        "set in a set",
        6,
        malformed,
        term().setSet(Oracle.TermSet.newBuilder().addSet(term().setSet(set))));
    fact(
        "empty set in a set",
        6,
        malformed,
        term()
            .setSet(
                Oracle.TermSet.newBuilder()
                    .addSet(term().setSet(Oracle.TermSet.getDefaultInstance()))));
    fact(
        "set of two types",
        6,
        malformed,
        term().setSet(Oracle.TermSet.newBuilder().addSet(inner).addSet(term().setBool(true))));
    ops(
        "variable in a set",
        6,
        malformed,
        Oracle.Op.newBuilder()
            .setValue(term().setSet(Oracle.TermSet.newBuilder().addSet(variable))));
    ops(
        "variable in an array",
        6,
        malformed,
        Oracle.Op.newBuilder()
            .setValue(term().setArray(Oracle.Array.newBuilder().addArray(variable))));
    Oracle.MapKey.Builder key = Oracle.MapKey.newBuilder().setInteger(1);
    Oracle.MapEntry.Builder entry = Oracle.MapEntry.newBuilder().setKey(key).setValue(inner);
    fact(
        "key twice in a map",
        6,
        malformed,
        term().setMap(Oracle.Map.newBuilder().addEntries(entry).addEntries(entry)));
    ops(
        "variable in a map",
        6,
        malformed,
        Oracle.Op.newBuilder()
            .setValue(
                term()
                    .setMap(
                        Oracle.Map.newBuilder()
                            .addEntries(
                                Oracle.MapEntry.newBuilder().setKey(key).setValue(variable)))));
    ByteString two = field(2, 1).concat(field(6, 1));
    add(
        "two members",
        malformed,
        VERSION_6.concat(field(4, field(1, field(1, 0).concat(field(2, two))))));
    add(
        "one member twice",
        malformed,
        VERSION_6.concat(
            field(4, field(1, field(1, 0).concat(field(2, field(2, 1).concat(field(2, 1))))))));
    add(
        "boolean 2",
        malformed,
        VERSION_6.concat(field(4, field(1, field(1, 0).concat(field(2, field(6, 2)))))));
    add(
        "null with content",
        malformed,
        VERSION_6.concat(field(4, field(1, field(1, 0).concat(field(2, field(8, field(1, 1))))))));
    add(
        "field 11 of a term",
        malformed,
        VERSION_6.concat(field(4, field(1, field(1, 0).concat(field(2, field(11, 1)))))));
    add(
        "packed parameters",
        malformed,
        VERSION_6.concat(
            field(
                6,
                field(
                    1,
                    field(1, field(1, 27))
                        .concat(field(3, field(1, field(4, field(1, hex("0001"))))))))));
  }
}
