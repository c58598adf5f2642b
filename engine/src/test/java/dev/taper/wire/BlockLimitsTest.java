package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.testing.Refused;
import dev.taper.wire.oracle.Oracle;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each limit takes what is there, and not one less. */
class BlockLimitsTest {
  private static final PublicKey KEY = PrivateKey.generate(Algorithm.ED25519).publicKey();

  /** The tables after a block with two symbols and a key. */
  private static TokenTables earlier() {
    TokenTables tables = new TokenTables();
    Oracle.Block block =
        Oracle.Block.newBuilder()
            .setVersion(6)
            .addSymbols("one")
            .addSymbols("two")
            .addPublicKeys(OracleBlocks.key(KEY))
            .build();
    Block.Decoded unused =
        BlockDecoder.decode(block.toByteArray(), 0, null, tables, DecodeLimits.DEFAULT);
    assertThat(unused.symbols()).hasSize(2);
    return tables;
  }

  /** A block with some symbols and keys, and of each kind one element, but two scopes. */
  private static byte[] block(int symbols, int keys) {
    Oracle.Predicate.Builder predicate = Oracle.Predicate.newBuilder().setName(SymbolTable.QUERY);
    Oracle.Rule.Builder rule = Oracle.Rule.newBuilder().setHead(predicate).addBody(predicate);
    Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(6);
    for (int i = 0; i < symbols; i++) {
      block.addSymbols("symbol " + i);
    }
    for (int i = 0; i < keys; i++) {
      block.addPublicKeys(OracleBlocks.key(PrivateKey.generate(Algorithm.SECP256R1).publicKey()));
    }
    block.addFacts(Oracle.Fact.newBuilder().setPredicate(predicate)).addRules(rule);
    block.addChecks(Oracle.Check.newBuilder().addQueries(rule));
    block.addScope(Oracle.Scope.newBuilder().setScopeType(Oracle.Scope.ScopeType.Authority));
    block.addScope(Oracle.Scope.newBuilder().setScopeType(Oracle.Scope.ScopeType.Previous));
    return block.build().toByteArray();
  }

  @Test
  void decode_moreThanALimit_isRefused() {
    byte[] block = block(3, 2);
    int size = block.length;

    assertThat(decode(block, null, new DecodeLimits(size, 1, 5, 3, 5)).symbols()).hasSize(3);
    refused(block, null, new DecodeLimits(size - 1, 1, 5, 3, 5), size + " bytes");
    refused(block, null, new DecodeLimits(size, 1, 4, 3, 5), "more than 4 symbols");
    refused(block, null, new DecodeLimits(size, 1, 5, 2, 5), "more than 2 public keys");
    refused(block, null, new DecodeLimits(size, 1, 5, 3, 4), "more than 4 elements");
  }

  /** A third party's block has tables of its own. */
  @Test
  void decode_thirdPartyBlockWithMoreThanALimit_isRefused() {
    byte[] block = block(3, 2);

    assertThat(decode(block, KEY, new DecodeLimits(block.length, 1, 3, 2, 5)).symbols()).hasSize(3);
    refused(block, KEY, new DecodeLimits(block.length, 1, 2, 2, 5), "more than 2 symbols");
    refused(block, KEY, new DecodeLimits(block.length, 1, 3, 1, 5), "more than 1 public keys");
  }

  /** Symbols and keys of all blocks count together, elements block by block. */
  @Test
  void decode_severalBlocks_countedAsStated() {
    List<SignedBlock> signed = List.of(signed(block(3, 2)), signed(block(0, 0)));
    DecodeLimits limits = new DecodeLimits(1 << 10, 2, 3, 2, 5);

    assertThat(BlockDecoder.decode(signed, List.of(), limits)).hasSize(2);
    Refused.with(
        ErrorCode.DECODE_LIMIT,
        "block[1]: more than 3 symbols",
        () -> BlockDecoder.decode(List.of(signed.get(0), signed(block(1, 0))), List.of(), limits));
  }

  private static SignedBlock signed(byte[] payload) {
    return SignedBlock.of(payload, KEY, new byte[64], null, 0);
  }

  private static Block.Decoded decode(
      byte[] payload, @Nullable PublicKey externalKey, DecodeLimits limits) {
    return BlockDecoder.decode(payload, 1, externalKey, earlier(), limits);
  }

  private static void refused(
      byte[] payload, @Nullable PublicKey externalKey, DecodeLimits limits, String said) {
    Refused.with(ErrorCode.DECODE_LIMIT, said, () -> decode(payload, externalKey, limits));
  }
}
