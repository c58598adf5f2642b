package dev.taper.wire;

import static dev.taper.wire.BlockCases.EARLIER;
import static dev.taper.wire.BlockCases.KEY;
import static dev.taper.wire.BlockCases.VERSION_6;
import static dev.taper.wire.BlockCases.check;
import static dev.taper.wire.BlockCases.decode;
import static dev.taper.wire.BlockCases.fact;
import static dev.taper.wire.BlockCases.repeat;
import static dev.taper.wire.BlockCases.term;
import static dev.taper.wire.BlockCases.value;
import static dev.taper.wire.Bytes.field;
import static dev.taper.wire.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is at the border of the bad: odd, but read. */
class BlockDecoderTest {
  @Test
  void decode_error_namesPlace() {
    ByteString payload =
        VERSION_6.concat(field(4, field(1, field(1, 0)))).concat(fact(field(11, 1)).substring(2));

    assertThatThrownBy(() -> decode(payload, null))
        .hasMessage("block[1].facts[1].predicate.terms[0]: unknown field 11");
  }

  /** A long path shows its ends; twelve levels are shown whole. */
  @Test
  void decode_errorDeepInside_namesBothEndsOfItsPlace() {
    ByteString unknown = field(11, 1);
    String place = "block[1].facts[0].predicate.terms[0]";

    assertThatThrownBy(() -> decode(fact(Bytes.nested(4, unknown, 9, 1)), null))
        .hasMessage(place + ".array.array[0]".repeat(4) + ": unknown field 11");
    assertThatThrownBy(() -> decode(fact(Bytes.nested(5, unknown, 9, 1)), null))
        .hasMessage(
            place
                + ".array.array[0]..."
                + "array.array[0].array.array[0].array.array[0]: unknown field 11");
    assertThatThrownBy(() -> decode(fact(Bytes.nested(40, unknown, 9, 1)), null))
        .hasMessage(
            place
                + ".array.array[0]..."
                + "array.array[0].array.array[0].array.array[0]: unknown field 11");
  }

  @Test
  void decode_withinLimits_isRead() {
    ByteString truth = field(1, field(1, field(6, 1)));
    ByteString negation = field(1, field(2, field(1, 0)));
    ByteString one = field(2, 1);

    assertThat(decode(check(truth.concat(repeat(negation, 255))), null).block().checks())
        .hasSize(1);
    assertThat(decode(fact(Bytes.nested(63, one, 9, 1)), null).block().facts()).hasSize(1);
  }

  @Test
  void decode_oldArrayAndMap_areRead() {
    Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(3);
    block
        .addFactsBuilder()
        .getPredicateBuilder()
        .setName(0)
        .addTerms(term().setArray(Oracle.Array.getDefaultInstance()))
        .addTerms(term().setMap(Oracle.Map.getDefaultInstance()));
    Block.Decoded decoded = decode(block.build().toByteString(), null);

    assertThat(decoded.block().facts()).hasSize(1);
    assertThat(BlockVersions.lowest(decoded.block())).isEqualTo(6);
  }

  @Test
  void decode_symbolTwiceInOneBlock_keepsBothNumbers() {
    Oracle.Block.Builder block =
        Oracle.Block.newBuilder().setVersion(3).addSymbols("a").addSymbols("a").addSymbols("b");
    for (long id = 1026; id < 1029; id++) {
      block.addFactsBuilder().getPredicateBuilder().setName(id);
    }

    assertThat(decode(block.build().toByteString(), null).block().facts())
        .extracting(fact -> fact.predicate().name())
        .containsExactly("a", "a", "b");
  }

  @Test
  void decode_thirdPartyBlock_hasItsOwnTables() {
    Oracle.Block.Builder block =
        Oracle.Block.newBuilder()
            .setVersion(5)
            .addSymbols("earlier")
            .addPublicKeys(OracleBlocks.key(EARLIER));
    block.addFactsBuilder().getPredicateBuilder().setName(1024);
    block.addScopeBuilder().setPublicKey(0);
    Block.Decoded decoded = decode(block.build().toByteString(), KEY);

    assertThat(decoded.block().facts()).hasToString("[earlier()]");
    assertThatThrownBy(() -> decode(block.clearSymbols().build().toByteString(), KEY))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SYMBOL));
    assertThatThrownBy(() -> decode(field(3, 4), KEY))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_NOT_IN_VERSION));
  }

  /** The character that stands for bytes that are no text is a character too. */
  @Test
  void decode_replacementCharacter_isTextOnlyIfItIsThere() {
    ByteString there = hex("efbfbd 61 efbfbd");
    ByteString fact = field(4, field(1, field(1, 1026)));

    assertThat(decode(VERSION_6.concat(field(1, there)).concat(fact), null).symbols())
        .containsExactly("\ufffda\ufffd");
    for (String bad : List.of("efbfbd ff", "ff efbfbd", "efbf", "61 ff", "61 c0 80")) {
      Refused.with(
          ErrorCode.MALFORMED_BLOCK,
          "block[1]: field 1 is not UTF-8",
          () -> decode(VERSION_6.concat(field(1, hex(bad))), null));
    }
  }

  @Test
  void decode_fieldsInAnyOrder_areRead() {
    ByteString fact = field(4, field(1, field(1, 1026)));

    assertThat(decode(fact.concat(VERSION_6).concat(field(1, hex("61"))), null).block().facts())
        .hasToString("[a()]");
  }

  /** The reference writes arrays and maps into blocks of any version, with whatever they hold. */
  @Test
  void decode_nullInASetInsideAnArrayOrMapOfAVersion3Block_isRead() {
    Oracle.Term nothing =
        Oracle.Term.newBuilder().setNull(Oracle.Empty.getDefaultInstance()).build();
    Oracle.Term set =
        Oracle.Term.newBuilder().setSet(Oracle.TermSet.newBuilder().addSet(nothing)).build();
    Oracle.Term array =
        Oracle.Term.newBuilder().setArray(Oracle.Array.newBuilder().addArray(set)).build();
    for (Oracle.Term term : List.of(array, set)) {
      Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(3);
      block.addFactsBuilder().getPredicateBuilder().setName(0).addTerms(term);
      if (term.hasArray()) {
        assertThat(decode(block.build().toByteString(), null).block().facts())
            .hasToString("[read([{ null }])]");
      } else {
        assertThatThrownBy(() -> decode(block.build().toByteString(), null))
            .isInstanceOfSatisfying(
                TaperException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_NOT_IN_VERSION));
      }
    }
  }

  @Test
  void decode_badElementOfAnArrayInAnother_namesBothPlaces() {
    Oracle.Term one = Oracle.Term.newBuilder().setInteger(1).build();
    Oracle.Array inner =
        Oracle.Array.newBuilder()
            .addArray(one)
            .addArray(Oracle.Term.getDefaultInstance())
            .buildPartial();
    Oracle.Array outer =
        Oracle.Array.newBuilder()
            .addArray(one)
            .addArray(Oracle.Term.newBuilder().setArray(inner).buildPartial())
            .buildPartial();
    Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(6);
    block
        .addFactsBuilder()
        .getPredicateBuilder()
        .setName(0)
        .addTerms(Oracle.Term.newBuilder().setArray(outer).buildPartial());

    assertThatThrownBy(() -> decode(block.buildPartial().toByteString(), null))
        .hasMessageContaining("array.array[1].array.array[1]: ");
  }

  @Test
  void decode_badOperations_namesPlaceAndFault() {
    String place = "block[1].checks[0].queries[0].expressions[0]";
    Map<String, List<Oracle.Op.Builder>> bad = new LinkedHashMap<>();
    bad.put(": an empty expression", List.of());
    bad.put(": an expression that leaves 2 values", List.of(value(), value()));
    bad.put(": a closure where a value is needed", List.of(BlockCases.closure()));
    bad.put(
        ".ops[2].binary: not a closure of 0 parameters",
        List.of(value(), value(), BlockCases.binary(Oracle.OpBinary.Kind.LazyAnd)));
    bad.put(
        ".ops[1].unary: a call without a function's name",
        List.of(value(), BlockCases.unary(Oracle.OpUnary.Kind.Ffi)));
    bad.put(
        ".ops[1].unary: a function's name without a call",
        List.of(
            value(),
            Oracle.Op.newBuilder()
                .setUnary(
                    Oracle.OpUnary.newBuilder()
                        .setKind(Oracle.OpUnary.Kind.Negate)
                        .setFfiName(0))));
    bad.forEach(
        (said, ops) -> {
          Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(6);
          BlockCases.expression(block, ops.toArray(Oracle.Op.Builder[]::new));
          assertThatThrownBy(() -> decode(block.buildPartial().toByteString(), null))
              .hasMessage(place + said);
        });
  }

  /** What was read before it leaves no trace in the place of an error. */
  @Test
  void decode_errorBehindGoodParts_namesItsOwnPlace() {
    Oracle.Block.Builder good = Oracle.Block.newBuilder().setVersion(6);
    good.addScopeBuilder().setPublicKey(0);
    good.addFactsBuilder().getPredicateBuilder().setName(0);
    Oracle.Rule.Builder rule = good.addRulesBuilder();
    rule.getHeadBuilder().setName(0);
    rule.addBodyBuilder().setName(0);
    BlockCases.expression(good, value());
    ByteString parts = good.build().toByteString();

    Map<Integer, String> places =
        Map.of(4, "facts[1]", 5, "rules[1]", 6, "checks[1]", 7, "scope[1]");
    places.forEach(
        (number, place) ->
            assertThatThrownBy(() -> decode(parts.concat(field(number, field(11, 1))), null))
                .hasMessage("block[1]." + place + ": unknown field 11"));
  }

  /** Blocks of one token that declare different versions are read each by its own. */
  @Test
  void decode_blocksOfSeveralVersions_eachByItsOwn() {
    ByteString nullFact = fact(field(8, ByteString.EMPTY)).substring(VERSION_6.size());
    ByteString newest = VERSION_6.concat(nullFact);
    ByteString oldest = field(3, 3).concat(nullFact);
    SignedBlock first = SignedBlock.of(newest.toByteArray(), KEY, new byte[64], null, 0);
    SignedBlock second = SignedBlock.of(oldest.toByteArray(), KEY, new byte[64], null, 0);

    assertThat(BlockDecoder.decode(List.of(first, first), List.of(), DecodeLimits.DEFAULT))
        .hasSize(2);
    Refused.with(
        ErrorCode.FEATURE_NOT_IN_VERSION,
        "block[1]",
        () -> BlockDecoder.decode(List.of(first, second), List.of(), DecodeLimits.DEFAULT));
  }

  /** A third party's block between two others knows none of their texts, and they none of its. */
  @Test
  void decode_thirdPartyBlockBetweenOthers_hasItsOwnTables() {
    SignedBlock first = own("first", 1024, null);
    SignedBlock between = own("between", 1024, KEY);
    SignedBlock last = own("last", 1025, null);

    assertThat(BlockDecoder.decode(List.of(first, between, last), List.of(), DecodeLimits.DEFAULT))
        .extracting(decoded -> decoded.block().facts().toString())
        .containsExactly("[first()]", "[between()]", "[last()]");
  }

  private static SignedBlock own(String name, long symbol, @Nullable PublicKey external) {
    Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(5).addSymbols(name);
    block.addFactsBuilder().getPredicateBuilder().setName(symbol);
    return SignedBlock.of(
        block.build().toByteArray(),
        KEY,
        new byte[64],
        external == null ? null : SignedBlock.External.of(new byte[64], external),
        1);
  }

  @Test
  void decode_keyDeclaredTwice_namesIt() {
    ByteString one = field(8, OracleBlocks.key(KEY).toByteString());
    ByteString known = field(8, OracleBlocks.key(EARLIER).toByteString());

    Refused.with(
        ErrorCode.PUBLIC_KEY_TABLE_OVERLAP,
        "publicKeys[1] is in the table already",
        () -> decode(VERSION_6.concat(one).concat(known), null));
  }

  @Test
  void decode_fieldOfAnotherKind_isRefusedAsThat() {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("1a 01 06", "block[1]: field 3 has wire type 2, not 0");
    bad.put("18 06 20 00", "block[1]: field 4 has wire type 0, not 2");
    bad.put("18 06 08 00", "block[1]: field 1 has wire type 0, not 2");
    bad.put("18 80 00 06", "block[1]: a number that is not in its shortest form");
    bad.forEach(
        (bytes, said) ->
            Refused.with(ErrorCode.MALFORMED_BLOCK, said, () -> decode(hex(bytes), null)));
  }

  @Test
  void decode_errorInALaterElement_namesWhich() {
    ByteString one = field(2, 1);
    ByteString unknown = field(11, 1);
    String place = "block[1].facts[0].predicate.terms[0]";

    for (int kind : new int[] {7, 9}) {
      ByteString elements = field(1, one).concat(field(1, one)).concat(field(1, unknown));
      String name = kind == 7 ? "set" : "array";
      assertThatThrownBy(() -> decode(fact(field(kind, elements)), null))
          .hasMessage(place + "." + name + "." + name + "[2]: unknown field 11");
    }
  }
}
