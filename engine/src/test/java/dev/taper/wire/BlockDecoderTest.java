package dev.taper.wire;

import static dev.taper.wire.BlockCases.EARLIER;
import static dev.taper.wire.BlockCases.KEY;
import static dev.taper.wire.BlockCases.VERSION_6;
import static dev.taper.wire.BlockCases.check;
import static dev.taper.wire.BlockCases.decode;
import static dev.taper.wire.BlockCases.fact;
import static dev.taper.wire.BlockCases.repeat;
import static dev.taper.wire.BlockCases.term;
import static dev.taper.wire.Bytes.field;
import static dev.taper.wire.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.List;
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
}
