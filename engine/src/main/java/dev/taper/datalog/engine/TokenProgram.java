package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The compiled blocks of a token in their places. It remembers the authorizers that it was last
 * evaluated with, at most {@value #MAX_LINKED}, so that the next request that combines the two
 * starts with everything linked: relations numbered, facts in place, trusted origins known.
 * Thread-safe, and immutable to its callers.
 */
public final class TokenProgram {
  /** How many authorizers are remembered: a service asks a token about one or two. */
  static final int MAX_LINKED = 4;

  private static final Program[] NONE = {};

  private final List<BlockProgram> blocks;
  private final List<@Nullable PublicKey> externalKeys;
  private final LongConsumer watcher;

  /** The linked programs, the newest first; replaced as a whole, under the lock of this object. */
  private volatile Program[] linked = NONE;

  private TokenProgram(
      List<BlockProgram> blocks, List<@Nullable PublicKey> externalKeys, LongConsumer watcher) {
    this.blocks = blocks;
    this.externalKeys = externalKeys;
    this.watcher = watcher;
  }

  /**
   * Returns the program of a verified token.
   *
   * @throws TaperException {@link ErrorCode#INVALID_BLOCK_RULE} if a block has a rule with a head
   *     variable that its body does not bind
   */
  public static TokenProgram of(Evaluable token) {
    return token.program();
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
    return link(blocks, externalKeys, bytes -> {});
  }

  /**
   * Puts compiled blocks in their places, and tells a watcher about their memory.
   *
   * @param blocks the authority block first
   * @param externalKeys by block, the key of its external signature, or null if it has none
   * @param watcher told, each time it changes, about how many bytes the remembered authorizers take
   *     here; a large policy set takes memory in every token that it is evaluated with
   * @throws TaperException as {@link #link(List, List)}
   */
  public static TokenProgram link(
      List<BlockProgram> blocks, List<@Nullable PublicKey> externalKeys, LongConsumer watcher) {
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
    return new TokenProgram(List.copyOf(blocks), keys, watcher);
  }

  /**
   * Returns the program of the first blocks alone.
   *
   * @param count how many, from 1 to {@link #size}
   */
  public TokenProgram first(int count) {
    return link(blocks.subList(0, count), externalKeys.subList(0, count));
  }

  /** The number of blocks. */
  public int size() {
    return blocks.size();
  }

  /** Returns a block that was compiled; 0 is the authority block. */
  public Block block(int index) {
    return blocks.get(index).block();
  }

  Program with(AuthorizerProgram authorizer) {
    Program program = find(authorizer);
    return program == null ? add(authorizer) : program;
  }

  private @Nullable Program find(AuthorizerProgram authorizer) {
    for (Program program : linked) {
      if (program.authorizer == authorizer) {
        return program;
      }
    }
    return null;
  }

  private synchronized Program add(AuthorizerProgram authorizer) {
    Program program = find(authorizer);
    if (program == null) {
      program = Linker.link(blocks, externalKeys, authorizer);
      Program[] known = linked;
      Program[] more = new Program[Math.min(known.length + 1, MAX_LINKED)];
      more[0] = program;
      System.arraycopy(known, 0, more, 1, more.length - 1);
      linked = more;
      long bytes = 0;
      for (Program one : more) {
        bytes += one.weight();
      }
      watcher.accept(bytes);
    }
    return program;
  }
}
