package dev.taper.datalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.engine.AuthorizerProgram;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The origin of a fact: the blocks, and possibly the authorizer, that it was derived from. It is a
 * set of small numbers, kept as a bit mask. Immutable and thread-safe.
 *
 * @param mask bit {@code i} for block {@code i}, bit {@link #AUTHORIZER} for the authorizer, bit 63
 *     for what a service {@linkplain AuthorizerProgram#confidential keeps to itself}; never empty
 */
public record Origin(long mask) {
  /** The most blocks a token can have: their numbers are 0 to 61. */
  public static final int MAX_BLOCKS = 62;

  /** The number that stands for the authorizer where a block's number is expected. */
  public static final int AUTHORIZER = MAX_BLOCKS;

  /** The bit of the authorizer in a mask of origins. */
  public static final long AUTHORIZER_BIT = 1L << AUTHORIZER;

  /** The bit of the service's own facts, which no block of a token sees. */
  public static final long SERVICE_BIT = 1L << 63;

  /**
   * Checks the mask.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is empty
   */
  public Origin {
    if (mask == 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "an origin names at least one block");
    }
  }

  /**
   * The origin that consists of the given blocks.
   *
   * @param blocks block numbers, or {@link #AUTHORIZER}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none or one is out of
   *     range
   */
  public static Origin of(Collection<Integer> blocks) {
    long mask = 0;
    for (int block : blocks) {
      mask |= bit(block);
    }
    return new Origin(mask);
  }

  /** True if the authorizer takes part. */
  public boolean authorizer() {
    return (mask & AUTHORIZER_BIT) != 0;
  }

  /** True if facts take part that the service keeps to itself. */
  public boolean service() {
    return (mask & SERVICE_BIT) != 0;
  }

  /** True if a block takes part. */
  public boolean contains(int block) {
    return block >= 0 && block <= AUTHORIZER && (mask & 1L << block) != 0;
  }

  /** The blocks that take part, without the authorizer and the service. */
  public SortedSet<Integer> blocks() {
    SortedSet<Integer> blocks = new TreeSet<>();
    for (long rest = mask & ~(AUTHORIZER_BIT | SERVICE_BIT); rest != 0; rest &= rest - 1) {
      blocks.add(Long.numberOfTrailingZeros(rest));
    }
    return Collections.unmodifiableSortedSet(blocks);
  }

  /**
   * Lists the numbers in ascending order, then the authorizer and the service, such as {@code 0, 2,
   * authorizer}.
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int block : blocks()) {
      out.append(out.isEmpty() ? "" : ", ").append(block);
    }
    if (authorizer()) {
      out.append(out.isEmpty() ? "" : ", ").append("authorizer");
    }
    if (service()) {
      out.append(out.isEmpty() ? "" : ", ").append("service");
    }
    return out.toString();
  }

  static long bit(int block) {
    if (block < 0 || block > AUTHORIZER) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "no block has number " + block);
    }
    return 1L << block;
  }

  /**
   * A fact and its origin. A fact with another origin counts as another fact.
   *
   * @param origin the blocks it depends on
   * @param fact the fact
   */
  public record OriginFact(Origin origin, Fact fact) {}
}
