package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What refers to nothing in a snapshot, and what is more than may be in one. */
class BadSnapshotTest {
  /** Three blocks; the second has a context, the third a key. */
  private static final SnapshotMessage GOOD = SnapshotMessageTest.generated(3);

  private static final UnknownFieldSet FIELD_1 =
      UnknownFieldSet.newBuilder()
          .addField(1, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();

  static Stream<Arguments> origins() {
    return Stream.of(
        facts("an origin twice", f -> f.addOriginsBuilder().setOrigin(0)),
        facts(
            "an origin twice",
            f -> {
              f.addOriginsBuilder().getAuthorizerBuilder();
              f.addOriginsBuilder().getAuthorizerBuilder();
            }),
        facts("origins[1]: unknown block 3", f -> f.addOriginsBuilder().setOrigin(3)),
        facts(
            "origins[1].authorizer: unknown field 1",
            f -> f.addOriginsBuilder().getAuthorizerBuilder().setUnknownFields(FIELD_1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("origins")
  void decode_badOrigins_isRefused(String said, Consumer<Oracle.GeneratedFacts.Builder> change)
      throws InvalidProtocolBufferException {
    Oracle.AuthorizerSnapshot.Builder builder =
        Oracle.AuthorizerSnapshot.newBuilder().mergeFrom(GOOD.encode());
    change.accept(builder.getWorldBuilder().getGeneratedFactsBuilder(0));
    byte[] bytes = builder.buildPartial().toByteArray();

    Refused.with(
        ErrorCode.MALFORMED_SNAPSHOT,
        said,
        () -> SnapshotMessage.decode(bytes, DecodeLimits.SNAPSHOT));
  }

  /** What was read before it leaves no trace in the place of an error. */
  @Test
  void decode_errorBehindGoodParts_namesItsOwnPlace() throws InvalidProtocolBufferException {
    Oracle.AuthorizerSnapshot.Builder good =
        Oracle.AuthorizerSnapshot.newBuilder().mergeFrom(GOOD.encode());
    Oracle.AuthorizerWorld.Builder world = good.getWorldBuilder();
    world.addAuthorizerPolicies(world.getAuthorizerPolicies(0));
    int facts = world.getGeneratedFactsCount();
    world
        .addGeneratedFacts(world.getGeneratedFacts(0))
        .addGeneratedFacts(world.getGeneratedFacts(0));
    Map<String, Consumer<Oracle.AuthorizerWorld.Builder>> changes = new LinkedHashMap<>();
    changes.put("world.blocks[1]", w -> w.getBlocksBuilder(1).clearVersion());
    changes.put("world.blocks[2]", w -> w.getBlocksBuilder(2).clearVersion());
    changes.put("world.authorizerBlock", w -> w.getAuthorizerBlockBuilder().clearVersion());
    changes.put("world.authorizerPolicies[1]", w -> w.getAuthorizerPoliciesBuilder(1).clearKind());
    changes.put(
        "world.generatedFacts[" + (facts + 1) + "]",
        w -> w.getGeneratedFactsBuilder(facts + 1).clearOrigins());
    changes.put(
        "world.generatedFacts[" + facts + "].origins[0]",
        w -> w.getGeneratedFactsBuilder(facts).getOriginsBuilder(0).clear());
    changes.forEach(
        (place, change) -> {
          Oracle.AuthorizerSnapshot.Builder bad = good.clone();
          change.accept(bad.getWorldBuilder());
          byte[] bytes = bad.buildPartial().toByteArray();
          assertThatThrownBy(() -> SnapshotMessage.decode(bytes, DecodeLimits.SNAPSHOT))
              .as(place)
              .hasMessageStartingWith("snapshot." + place + ": ");
        });
  }

  /** Each limit takes what is there, and not one less. */
  @Test
  void decode_moreThanALimit_isRefused() throws InvalidProtocolBufferException {
    byte[] bytes = GOOD.encode();
    Oracle.AuthorizerWorld world = Oracle.AuthorizerSnapshot.parseFrom(bytes).getWorld();
    int symbols = world.getSymbolsCount();
    int keys = world.getPublicKeysCount();
    assertThat(SnapshotMessage.decode(bytes, limits(bytes.length, 3, symbols, keys, 1000)))
        .isEqualTo(GOOD);

    refused(bytes, limits(bytes.length - 1, 3, symbols, keys, 1000), "bytes");
    refused(bytes, limits(bytes.length, 2, symbols, keys, 1000), "more than 2 blocks");
    refused(bytes, limits(bytes.length, 3, symbols - 1, keys, 1000), "symbols");
    refused(bytes, limits(bytes.length, 3, symbols, keys, 0), "more than 0 policies");
  }

  /** Policies, groups of facts, and the facts of all groups together count each on their own. */
  @Test
  void decode_moreElementsThanTheLimit_isRefused() throws InvalidProtocolBufferException {
    byte[] policies = elements(6, 0, 0);
    byte[] groups = elements(0, 6, 0);
    byte[] facts = elements(0, 2, 3);

    for (byte[] bytes : new byte[][] {policies, groups, facts}) {
      assertThat(SnapshotMessage.decode(bytes, limits(1 << 16, 1, 9, 0, 6)).encode())
          .hasSameSizeAs(bytes);
    }
    refused(policies, limits(1 << 16, 1, 9, 0, 5), "more than 5 policies");
    refused(groups, limits(1 << 16, 1, 9, 0, 5), "more than 5 groups of facts");
    refused(facts, limits(1 << 16, 1, 9, 0, 5), "more than 5 facts");
  }

  private static byte[] elements(int policies, int groups, int factsEach)
      throws InvalidProtocolBufferException {
    Oracle.AuthorizerSnapshot.Builder snapshot =
        Oracle.AuthorizerSnapshot.newBuilder().mergeFrom(SnapshotMessageTest.generated(0).encode());
    Oracle.AuthorizerWorld.Builder world = snapshot.getWorldBuilder();
    world.clear().setVersion(3).setIterations(0);
    world.getAuthorizerBlockBuilder().setVersion(3);
    for (int i = 0; i < policies; i++) {
      world
          .addAuthorizerPoliciesBuilder()
          .setKind(Oracle.Policy.Kind.Allow)
          .addQueriesBuilder()
          .getHeadBuilder()
          .setName(SymbolTable.QUERY);
    }
    for (int i = 0; i < groups; i++) {
      Oracle.GeneratedFacts.Builder group = world.addGeneratedFactsBuilder();
      group.addOriginsBuilder().getAuthorizerBuilder();
      for (int j = 0; j < factsEach; j++) {
        group.addFactsBuilder().getPredicateBuilder().setName(j).addTermsBuilder().setInteger(j);
      }
    }
    return snapshot.build().toByteArray();
  }

  private static DecodeLimits limits(int bytes, int blocks, int symbols, int keys, int elements) {
    return new DecodeLimits(bytes, blocks, symbols, keys, elements);
  }

  private static void refused(byte[] bytes, DecodeLimits limits, String said) {
    Refused.with(ErrorCode.DECODE_LIMIT, said, () -> SnapshotMessage.decode(bytes, limits));
  }

  private static Arguments facts(String said, Consumer<Oracle.GeneratedFacts.Builder> change) {
    return Arguments.of(said, change);
  }
}
