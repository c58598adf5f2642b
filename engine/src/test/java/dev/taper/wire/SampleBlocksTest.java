package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.datalog.Block;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SampleTokens;
import dev.taper.testing.SampleTokens.Sample;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the official samples say is written again to the same bytes as they have: the order of
 * symbols, keys and operations, and the version, are those of the reference implementation.
 */
@NeedsSharedData("biscuit-samples")
class SampleBlocksTest {
  static List<Sample> samples() throws IOException {
    return SampleTokens.all().stream().filter(s -> !s.file().startsWith("test004")).toList();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void encode_decodedSample_isSameBytes(Sample sample) {
    RawToken token = RawToken.decode(sample.bytes(), DecodeLimits.DEFAULT);
    TokenTables read = new TokenTables();
    TokenTables written = new TokenTables();

    for (SignedBlock signed : token.blocks()) {
      Block.Decoded block =
          BlockDecoder.decode(
              signed.payload(), 0, signed.externalKey(), read, DecodeLimits.DEFAULT);
      byte[] again =
          signed.externalKey() == null
              ? BlockEncoder.encode(block.block(), written)
              : BlockEncoder.encodeThirdParty(block.block());
      assertThat(again).isEqualTo(signed.payload());
    }
    RawToken again = RawToken.of(token.rootKeyId(), token.blocks(), token.proof());
    assertThat(again.encode()).isEqualTo(sample.bytes());
  }
}
