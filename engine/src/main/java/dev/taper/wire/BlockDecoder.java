package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payload of a block.
 *
 * <p>The blocks of a token are decoded in order, because the tables grow from block to block. A
 * block can refer only to symbols and keys that it or an earlier block declares: a later block must
 * not give a meaning to a number that an earlier signer left open. Work and memory are proportional
 * to the payload's size.
 */
public final class BlockDecoder {
  private final TokenTables tables;
  private final DecodeLimits limits;
  private final ProtoReader in = new ProtoReader(ErrorCode.MALFORMED_BLOCK);
  private final Pile<String> symbolPile = new Pile<>();
  private final Pile<PublicKey> keyPile = new Pile<>();
  private final DatalogReader.Sections sections;

  /**
   * Reads by the tables and version of the block read last: nearly all blocks of a token share
   * both.
   */
  private @Nullable DatalogReader datalog;

  private BlockDecoder(TokenTables tables, DecodeLimits limits) {
    this.tables = tables;
    this.limits = limits;
    this.sections = new DatalogReader.Sections(limits);
  }

  /**
   * Reads the blocks of a token.
   *
   * @param signed all blocks
   * @param known the contents of the first blocks, as far as they are already read
   * @param limits what is taken at most
   * @return the contents of all blocks
   * @throws TaperException as {@link #decode(byte[], int, PublicKey, TokenTables, DecodeLimits)}
   */
  public static List<Block.Decoded> decode(
      List<SignedBlock> signed, List<Block.Decoded> known, DecodeLimits limits) {
    BlockDecoder decoder = new BlockDecoder(TokenTables.after(known), limits);
    List<Block.Decoded> blocks = new ArrayList<>(signed.size());
    blocks.addAll(known);
    for (int i = known.size(); i < signed.size(); i++) {
      SignedBlock block = signed.get(i);
      blocks.add(decoder.read(block.rawPayload(), i, block.externalKey()));
    }
    return Collections.unmodifiableList(blocks);
  }

  /**
   * Reads a block.
   *
   * @param payload the block's bytes as signed
   * @param index its place in the token, for messages
   * @param externalKey the key of the third party that signed it, or null
   * @param tables the tables after the earlier blocks; a first-party block's declarations are added
   * @param limits what is taken at most
   * @throws TaperException {@link ErrorCode#MALFORMED_BLOCK}, {@link
   *     ErrorCode#UNSUPPORTED_VERSION}, {@link ErrorCode#FEATURE_NOT_IN_VERSION}, {@link
   *     ErrorCode#UNKNOWN_SYMBOL}, {@link ErrorCode#SYMBOL_TABLE_OVERLAP}, {@link
   *     ErrorCode#PUBLIC_KEY_TABLE_OVERLAP}, {@link ErrorCode#UNKNOWN_SCOPE_KEY}, {@link
   *     ErrorCode#INVALID_KEY} or {@link ErrorCode#DECODE_LIMIT}
   */
  public static Block.Decoded decode(
      byte[] payload,
      int index,
      @Nullable PublicKey externalKey,
      TokenTables tables,
      DecodeLimits limits) {
    return new BlockDecoder(tables, limits).read(payload, index, externalKey);
  }

  /** Reads a block; if it throws, this decoder must not be used any more. */
  private Block.Decoded read(byte[] payload, int index, @Nullable PublicKey externalKey) {
    limits.requireSize(payload.length, "a block");
    in.begin(payload, "block", index);
    sections.clear();
    int seen = 0;
    String context = null;
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> symbolPile.push(in.string());
        case 2 -> {
          seen = in.once(seen);
          context = in.string();
        }
        case 3 -> {
          seen = in.once(seen);
          version = in.uint32();
        }
        case 4 -> sections.fact(in);
        case 5 -> sections.rule(in);
        case 6 -> sections.check(in);
        case 7 -> sections.scope(in);
        case 8 -> {
          in.enter("publicKeys", keyPile.size());
          keyPile.push(KeyReader.publicKey(in));
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    DatalogReader.requireVersion(in, version);
    if (externalKey != null && version < BlockVersions.THIRD_PARTY) {
      throw in.fail(
          ErrorCode.FEATURE_NOT_IN_VERSION,
          "a third-party block needs Datalog version " + BlockVersions.THIRD_PARTY);
    }
    List<String> symbols = symbolPile.take(0);
    List<PublicKey> keys = keyPile.take(0);
    TokenTables own = externalKey == null ? tables : new TokenTables();
    own.declare(in, symbols, keys, limits);
    Block block = datalog(own, (int) version).block(context, sections);
    return new Block.Decoded(block, (int) version, symbols, keys, externalKey);
  }

  private DatalogReader datalog(TokenTables own, int version) {
    DatalogReader reader = datalog;
    if (reader == null || !reader.reads(own, version)) {
      reader = new DatalogReader(in, own, version);
      datalog = reader;
    }
    return reader;
  }
}
