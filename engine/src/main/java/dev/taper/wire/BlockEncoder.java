package dev.taper.wire;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.util.List;

/**
 * Writes the payload of a block: equal blocks after equal tables give equal bytes. Either {@link
 * BlockDecoder} can read what is written, or writing fails.
 */
public final class BlockEncoder {
  private BlockEncoder() {}

  /**
   * Writes a first-party block with the lowest version that has all that it uses.
   *
   * @param block what it says
   * @param tables the tables after the earlier blocks; new symbols and keys are added, even if
   *     writing fails
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if the block cannot be on the wire: a
   *     set of mixed types, a check without a query, a misplaced closure, text that is not Unicode;
   *     {@link ErrorCode#DECODE_LIMIT} if a term or expression is nested too deeply
   */
  public static byte[] encode(Block block, TokenTables tables) {
    return encode(block, tables, BlockVersions.lowest(block));
  }

  /**
   * Writes a third-party block, which has tables of its own and version 5 at least.
   *
   * @param block what it says
   * @throws TaperException as {@link #encode}
   */
  public static byte[] encodeThirdParty(Block block) {
    int version = Math.max(BlockVersions.lowest(block), BlockVersions.THIRD_PARTY);
    return encode(block, new TokenTables(), version);
  }

  private static byte[] encode(Block block, TokenTables tables, int version) {
    int knownSymbols = tables.symbols().size();
    int knownKeys = tables.keys().size();
    ProtoWriter datalog = new ProtoWriter();
    new DatalogWriter(datalog, tables).block(4, block);
    ProtoWriter out = new ProtoWriter();
    List<String> symbols = tables.symbols().since(knownSymbols);
    for (String symbol : symbols) {
      out.string(1, symbol);
    }
    if (block.context() != null) {
      out.string(2, block.context());
    }
    out.number(3, version);
    out.append(datalog);
    for (PublicKey key : tables.keys().since(knownKeys)) {
      DatalogWriter.publicKey(out, 8, key);
    }
    return out.toByteArray();
  }
}
