package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled blocks of a token in their places. Immutable and thread-safe. It remembers the
 * authorizer it was last evaluated with, so that the next request that combines the two starts with
 * everything linked: relations numbered, facts in place, trusted origins known.
 */
public final class TokenProgram {
  private final List<BlockProgram> blocks;
  private final List<@Nullable PublicKey> externalKeys;

  private volatile @Nullable Program linked;

  private TokenProgram(List<BlockProgram> blocks, List<@Nullable PublicKey> externalKeys) {
    this.blocks = blocks;
    this.externalKeys = externalKeys;
  }

  /**
   * Puts compiled blocks in their places.
   *
   * @param blocks the authority block first
   * @param externalKeys by block, the key of its external signature, or null if it has none
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is no block, the lists
   *     differ in length, or the authority block has an external key; {@link
   *     ErrorCode#DECODE_LIMIT} if there are more than {@link Origin#MAX_BLOCKS} blocks
   */
  public static TokenProgram link(
      List<BlockProgram> blocks, List<@Nullable PublicKey> externalKeys) {
    if (blocks.isEmpty() || blocks.size() != externalKeys.size()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a token has at least one block, and a key or none for each");
    }
    if (externalKeys.get(0) != null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "an authority block has no external signature");
    }
    if (blocks.size() > Origin.MAX_BLOCKS) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT, "a token has at most " + Origin.MAX_BLOCKS + " blocks");
    }
    List<@Nullable PublicKey> keys = Collections.unmodifiableList(new ArrayList<>(externalKeys));
    return new TokenProgram(List.copyOf(blocks), keys);
  }

  /**
   * The program of the first blocks alone.
   *
   * @param count how many, from 0 to {@link #size}
   */
  public TokenProgram first(int count) {
    return link(blocks.subList(0, count), externalKeys.subList(0, count));
  }

  /** The number of blocks. */
  public int size() {
    return blocks.size();
  }

  /** A block that was compiled; 0 is the authority block. */
  public Block block(int index) {
    return blocks.get(index).block();
  }

  Program with(AuthorizerProgram authorizer) {
    Program program = linked;
    if (program == null || program.authorizer != authorizer) {
      program = new Linker(blocks, externalKeys, authorizer).link();
      linked = program;
    }
    return program;
  }
}
