package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.engine.TokenProgram;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SampleTokens;
import dev.taper.testing.SampleTokens.Sample;
import dev.taper.testing.SampleTokens.SampleBlock;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every official sample token is read, and verified or refused, as it must be. */
@NeedsSharedData("biscuit-samples")
class SampleTokensTest {
  /** The samples whose signatures must not verify, and the code of the error. */
  private static final Map<String, ErrorCode> FORGED =
      Map.of(
          "test002_different_root_key.bc", ErrorCode.INVALID_SIGNATURE,
          "test003_invalid_signature_format.bc", ErrorCode.MALFORMED_SIGNATURE,
          "test004_random_block.bc", ErrorCode.INVALID_SIGNATURE,
          "test005_invalid_signature.bc", ErrorCode.INVALID_SIGNATURE,
          "test006_reordered_blocks.bc", ErrorCode.INVALID_SIGNATURE);

  static List<Sample> samples() throws IOException {
    return SampleTokens.all();
  }

  @Test
  void samples_found_areAll() throws IOException {
    assertThat(samples()).hasSize(38);
    assertThat(samples()).extracting(Sample::file).containsAll(FORGED.keySet());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void verify_sample_hasExpectedOutcome(Sample sample) throws IOException {
    UnverifiedToken token = UnverifiedToken.decode(sample.bytes());
    ErrorCode expected = FORGED.get(sample.file());

    if (expected != null) {
      assertThat(sample.result()).contains("\"Format\"");
      assertThatThrownBy(() -> token.verify(SampleTokens.rootKey()))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(expected));
      return;
    }
    assertThat(sample.result()).doesNotContain("\"Format\"");
    Token verified = token.verify(SampleTokens.rootKey());

    assertThat(hex(verified.revocationIds())).isEqualTo(sample.revocationIds());
    assertThat(verified.rootKey()).isEqualTo(SampleTokens.rootKey());
    assertThat(verified.encode()).isEqualTo(sample.bytes());
    assertBlocks(verified.blocks(), sample.blocks());
    if (sample.file().startsWith("test018")) {
      assertThatThrownBy(() -> TokenProgram.of(verified))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_BLOCK_RULE));
    } else {
      assertThat(TokenProgram.of(verified).size()).isEqualTo(sample.blocks().size());
      assertThat(TokenProgram.of(verified)).isSameAs(TokenProgram.of(verified));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void blocks_sample_areAsDescribed(Sample sample) {
    UnverifiedToken token = UnverifiedToken.decode(sample.bytes());

    assertThat(token.encode()).isEqualTo(sample.bytes());
    assertThat(token.isSealed()).isEqualTo(sample.file().startsWith("test020"));
    if (sample.file().startsWith("test004")) {
      // The bytes of its second block are random; the list describes the block they replaced.
      assertThatThrownBy(token::blocks)
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_BLOCK));
      return;
    }
    List<SampleBlock> expected = sample.blocks();
    if (sample.file().startsWith("test006")) {
      // Its second and third block were exchanged; the list describes the order before.
      expected = List.of(expected.get(0), expected.get(2), expected.get(1));
    }
    assertBlocks(token.blocks(), expected);
  }

  private static void assertBlocks(List<Block.Decoded> blocks, List<SampleBlock> expected) {
    assertThat(blocks).hasSameSizeAs(expected);
    for (int i = 0; i < blocks.size(); i++) {
      Block.Decoded block = blocks.get(i);
      SampleBlock wanted = expected.get(i);
      assertThat(block.symbols()).isEqualTo(wanted.symbols());
      assertThat(block.publicKeys()).extracting(Object::toString).isEqualTo(wanted.publicKeys());
      assertThat(text(block.externalKey())).isEqualTo(wanted.externalKey());
      assertThat(block.version()).isEqualTo(wanted.version());
      assertThat(block.block().withContext(null).toString()).isEqualTo(wanted.code());
    }
  }

  private static @Nullable String text(@Nullable Object key) {
    return key == null ? null : key.toString();
  }

  private static List<String> hex(List<byte[]> list) {
    return list.stream().map(HexFormat.of()::formatHex).toList();
  }
}
