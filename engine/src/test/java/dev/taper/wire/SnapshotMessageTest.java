package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import dev.taper.datalog.Term;
import dev.taper.testing.DatalogGenerator;
import dev.taper.wire.oracle.Oracle;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotMessageTest {
  private static final PublicKey KEY = PrivateKey.generate(Algorithm.SECP256R1).publicKey();

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  static SnapshotMessage generated(long seed) {
    DatalogGenerator generator = new DatalogGenerator(seed, 6);
    List<SnapshotMessage.StoredBlock> blocks = new ArrayList<>();
    for (int i = 0; i < seed % 4; i++) {
      Block block = generator.block().withContext(i == 1 ? "context" : null);
      blocks.add(new SnapshotMessage.StoredBlock(block, 6, i == 2 ? KEY : null));
    }
    List<Policy> policies = List.of(generator.policy(), generator.policy());
    List<SnapshotMessage.StoredFacts> facts = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      facts.add(
          new SnapshotMessage.StoredFacts(
              i == 1, new TreeSet<>(List.of(0, i)), List.of(generator.fact(), generator.fact())));
    }
    facts.add(new SnapshotMessage.StoredFacts(true, new TreeSet<>(), List.of(generator.fact())));
    return new SnapshotMessage(
        new SnapshotMessage.Limits(1_000, 100, Long.MAX_VALUE),
        seed * 1_000,
        blocks,
        SnapshotMessage.StoredBlock.of(generator.block()),
        policies,
        facts,
        seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decode_encoded_isEqual(long seed) {
    SnapshotMessage snapshot = generated(seed);

    assertThat(SnapshotMessage.decode(snapshot.encode(), DecodeLimits.SNAPSHOT))
        .isEqualTo(snapshot);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void encode_generated_isReadByProtobuf(long seed) throws InvalidProtocolBufferException {
    SnapshotMessage snapshot = generated(seed);
    byte[] ours = snapshot.encode();

    Oracle.AuthorizerSnapshot theirs = Oracle.AuthorizerSnapshot.parseFrom(ours);

    assertThat(theirs.toByteArray()).isEqualTo(ours);
    assertThat(theirs.getUnknownFields().asMap()).isEmpty();
    assertThat(theirs.getExecutionTime()).isEqualTo(snapshot.executionTimeNanos());
    assertThat(theirs.getLimits().getMaxTime()).isEqualTo(Long.MAX_VALUE);
    assertThat(theirs.getWorld().getIterations()).isEqualTo(seed);
    assertThat(theirs.getWorld().getVersion()).isEqualTo(6);
    assertThat(theirs.getWorld().getBlocksList()).hasSameSizeAs(snapshot.blocks());
    assertThat(theirs.getWorld().getGeneratedFactsList()).hasSameSizeAs(snapshot.facts());
    assertThat(theirs.getWorld().getAuthorizerPoliciesList()).hasSize(2);
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        world("old version", ErrorCode.UNSUPPORTED_VERSION, w -> w.setVersion(2)),
        world("new version", ErrorCode.UNSUPPORTED_VERSION, w -> w.setVersion(7)),
        world(
            "old authorizer version",
            ErrorCode.UNSUPPORTED_VERSION,
            w -> w.getAuthorizerBlockBuilder().setVersion(2)),
        world("default symbol", ErrorCode.SYMBOL_TABLE_OVERLAP, w -> w.addSymbols("read")),
        world(
            "symbol twice",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.addSymbols("twice").addSymbols("twice")),
        world(
            "key twice",
            ErrorCode.PUBLIC_KEY_TABLE_OVERLAP,
            w -> w.addPublicKeys(OracleBlocks.key(KEY)).addPublicKeys(OracleBlocks.key(KEY))),
        world(
            "external key of the authorizer",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getAuthorizerBlockBuilder().setExternalKey(OracleBlocks.key(KEY))),
        world(
            "external key of the authority block",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getBlocksBuilder(0).setExternalKey(OracleBlocks.key(KEY))),
        world(
            "no origin",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getGeneratedFactsBuilder(0).clearOrigins()),
        world(
            "empty origin",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getGeneratedFactsBuilder(0).addOriginsBuilder()),
        world(
            "unknown origin",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getGeneratedFactsBuilder(0).addOriginsBuilder().setOrigin(3)),
        world(
            "huge origin",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getGeneratedFactsBuilder(0).addOriginsBuilder().setOrigin(-1)),
        world(
            "policy without a query",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getAuthorizerPoliciesBuilder(0).clearQueries()),
        world(
            "policy without a kind",
            ErrorCode.MALFORMED_SNAPSHOT,
            w -> w.getAuthorizerPoliciesBuilder(0).clearKind()),
        world(
            "unknown symbol",
            ErrorCode.UNKNOWN_SYMBOL,
            w ->
                w.getGeneratedFactsBuilder(0)
                    .getFactsBuilder(0)
                    .getPredicateBuilder()
                    .setName(1L << 40)));
  }

  private static Arguments world(
      String name, ErrorCode code, Consumer<Oracle.AuthorizerWorld.Builder> change) {
    return broken(name, code, s -> change.accept(s.getWorldBuilder()));
  }

  private static Arguments broken(
      String name, ErrorCode code, Consumer<Oracle.AuthorizerSnapshot.Builder> change) {
    return Arguments.of(name, code, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void decode_broken_isRefused(
      String name, ErrorCode code, Consumer<Oracle.AuthorizerSnapshot.Builder> change)
      throws InvalidProtocolBufferException {
    Oracle.AuthorizerSnapshot.Builder builder =
        Oracle.AuthorizerSnapshot.newBuilder().mergeFrom(generated(3).encode());
    change.accept(builder);
    byte[] bytes = builder.buildPartial().toByteArray();

    assertThatThrownBy(() -> SnapshotMessage.decode(bytes, DecodeLimits.SNAPSHOT))
        .as(name)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void decode_tooLarge_isRefused() {
    byte[] bytes = generated(3).encode();
    DecodeLimits limits = DecodeLimits.SNAPSHOT.withMaxBytes(bytes.length - 1);

    assertThatThrownBy(() -> SnapshotMessage.decode(bytes, limits))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DECODE_LIMIT));
  }

  @Test
  void decode_unreachableLimit_isLargestNumber() throws InvalidProtocolBufferException {
    Oracle.AuthorizerSnapshot.Builder builder =
        Oracle.AuthorizerSnapshot.newBuilder().mergeFrom(generated(0).encode());
    builder.getLimitsBuilder().setMaxFacts(-1);

    assertThat(
            SnapshotMessage.decode(builder.build().toByteArray(), DecodeLimits.SNAPSHOT)
                .limits()
                .maxFacts())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void storedFacts_withoutOrigin_areRefused() {
    List<Fact> facts = List.of(Fact.of("fact", new Term.Int(1)));

    assertThatThrownBy(() -> new SnapshotMessage.StoredFacts(false, new TreeSet<>(), facts))
        .isInstanceOf(TaperException.class);
  }
}
