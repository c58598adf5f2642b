package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payload of a block.
 *
 * <p>The blocks of a token are decoded in order, because the tables grow from block to block. A
 * block can refer only to what it or an earlier block declares: a later block must not give a
 * meaning to a number that an earlier signer left open. Work and memory are proportional to the
 * payload's size.
 */
public final class BlockDecoder {
  private BlockDecoder() {}

  /**
   * Reads a block of a token.
   *
   * @param block the block
   * @param index its place in the token, for messages
   * @param tables the tables after the earlier blocks; a first-party block's declarations are added
   * @param limits what is taken at most
   * @throws TaperException as {@link #decode(byte[], int, PublicKey, TokenTables, DecodeLimits)}
   */
  public static DecodedBlock decode(
      SignedBlock block, int index, TokenTables tables, DecodeLimits limits) {
    return decode(block.rawPayload(), index, block.externalKey(), tables, limits);
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
  public static DecodedBlock decode(
      byte[] payload,
      int index,
      @Nullable PublicKey externalKey,
      TokenTables tables,
      DecodeLimits limits) {
    limits.requireSize(payload.length, "a block");
    ProtoReader in = new ProtoReader(payload, ErrorCode.MALFORMED_BLOCK, "block", index);
    int seen = 0;
    String context = null;
    long version = 0;
    Pile<String> symbolPile = new Pile<>();
    Pile<PublicKey> keyPile = new Pile<>();
    DatalogReader.Sections sections = new DatalogReader.Sections(limits);
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
    DatalogReader datalog = new DatalogReader(in, own, (int) version);
    return new DecodedBlock(
        datalog.block(context, sections), (int) version, symbols, keys, externalKey);
  }
}
