package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.util.List;

/**
 * Holds the symbols and public keys that the first-party blocks of one token share. {@link
 * BlockDecoder} adds to them block by block, and {@link BlockEncoder} continues them. A third-party
 * block has tables of its own.
 *
 * <p>Not thread-safe.
 */
public final class TokenTables {
  private final SymbolTable symbols;
  private final KeyTable keys;

  /** Makes empty tables, for a token's first block or a third-party block. */
  public TokenTables() {
    this(new SymbolTable(), new KeyTable());
  }

  private TokenTables(SymbolTable symbols, KeyTable keys) {
    this.symbols = symbols;
    this.keys = keys;
  }

  /** Returns the tables after some decoded blocks of one token. */
  public static TokenTables after(List<Block.Decoded> blocks) {
    TokenTables tables = new TokenTables();
    for (Block.Decoded block : blocks) {
      if (block.externalKey() == null) {
        tables.symbols.addAll(block.symbols());
        tables.keys.extend(block.publicKeys());
      }
    }
    return tables;
  }

  /** Returns a copy; additions to the copy do not change these tables. */
  public TokenTables copy() {
    return new TokenTables(new SymbolTable(symbols), new KeyTable(keys));
  }

  /** Adds the symbols and keys that a block declares. */
  void declare(
      ProtoReader in, List<String> newSymbols, List<PublicKey> newKeys, DecodeLimits limits) {
    if (newSymbols.size() > limits.maxSymbols() - symbols.size()) {
      throw in.fail(ErrorCode.DECODE_LIMIT, "more than " + limits.maxSymbols() + " symbols");
    }
    if (newKeys.size() > limits.maxKeys() - keys.size()) {
      throw in.fail(ErrorCode.DECODE_LIMIT, "more than " + limits.maxKeys() + " public keys");
    }
    int symbol = symbols.extend(newSymbols);
    if (symbol >= 0) {
      throw in.fail(
          ErrorCode.SYMBOL_TABLE_OVERLAP, "symbols[" + symbol + "] is in the table already");
    }
    int key = keys.extend(newKeys);
    if (key >= 0) {
      throw in.fail(
          ErrorCode.PUBLIC_KEY_TABLE_OVERLAP, "publicKeys[" + key + "] is in the table already");
    }
  }

  /** True if a symbol was declared twice. */
  boolean hasDuplicates() {
    return symbols.hasDuplicates();
  }

  SymbolTable symbols() {
    return symbols;
  }

  KeyTable keys() {
    return keys;
  }
}
