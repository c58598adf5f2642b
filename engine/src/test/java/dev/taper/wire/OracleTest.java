package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.taper.DecodeLimits;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.testing.DatalogGenerator;
import dev.taper.wire.oracle.Oracle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our reader and writer against protobuf's own classes, on generated blocks. */
class OracleTest {
  private static final int SEEDS_PER_VERSION = 250;

  /** A case of the generator. */
  record Case(long seed, int version) {
    Block block() {
      Block block = new DatalogGenerator(seed, version).block();
      return seed % 3 == 0 ? block.withContext("context é " + seed) : block;
    }
  }

  static Stream<Case> cases() {
    return IntStream.rangeClosed(3, 6)
        .boxed()
        .flatMap(
            version -> IntStream.range(0, SEEDS_PER_VERSION).mapToObj(s -> new Case(s, version)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void encode_generatedBlock_isWhatProtobufWrites(Case generated)
      throws InvalidProtocolBufferException {
    Block block = generated.block();
    int version = BlockVersions.lowest(block);
    byte[] ours = BlockEncoder.encode(block, new TokenTables());
    Oracle.Block theirs = new OracleBlocks().block(block, version);

    assertThat(version).isLessThanOrEqualTo(generated.version());
    assertThat(Oracle.Block.parseFrom(ours)).isEqualTo(theirs);
    assertThat(ours).isEqualTo(theirs.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decode_whatProtobufWrites_isSameBlock(Case generated) {
    Block block = generated.block();
    OracleBlocks oracle = new OracleBlocks();
    int version = BlockVersions.lowest(block);
    byte[] theirs = oracle.block(block, version).toByteArray();

    Block.Decoded decoded =
        BlockDecoder.decode(theirs, 0, null, new TokenTables(), DecodeLimits.DEFAULT);

    assertThat(decoded.block()).isEqualTo(block);
    assertThat(decoded.version()).isEqualTo(version);
    assertThat(decoded.symbols()).isEqualTo(oracle.symbols);
    assertThat(decoded.publicKeys()).isEqualTo(oracle.keys);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void encode_severalBlocks_shareTables(Case generated) {
    TokenTables writing = new TokenTables();
    TokenTables reading = new TokenTables();
    List<Block.Decoded> read = new ArrayList<>();
    List<String> symbols = new ArrayList<>();
    List<PublicKey> keys = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Block block = new Case(generated.seed() * 31 + i, generated.version()).block();
      byte[] payload = BlockEncoder.encode(block, writing);
      Block.Decoded decoded = BlockDecoder.decode(payload, i, null, reading, DecodeLimits.DEFAULT);
      assertThat(decoded.block()).isEqualTo(block);
      assertThat(payload)
          .isEqualTo(BlockEncoder.encode(block, TokenTables.after(List.copyOf(read))));
      read.add(decoded);
      symbols.addAll(decoded.symbols());
      keys.addAll(decoded.publicKeys());
    }
    assertThat(symbols).doesNotHaveDuplicates();
    assertThat(keys).doesNotHaveDuplicates();
  }
}
