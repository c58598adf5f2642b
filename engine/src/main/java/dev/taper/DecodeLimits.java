package dev.taper;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much a decoder takes from the wire. Input that exceeds a limit is refused with {@link
 * ErrorCode#DECODE_LIMIT}. The nesting of terms and expressions is bounded as well, by {@link
 * dev.taper.datalog.Term#MAX_DEPTH} and {@link dev.taper.datalog.Expression#MAX_HEIGHT}.
 *
 * @param maxBytes the size of a token, third-party message or snapshot, in bytes
 * @param maxBlocks the number of a token's blocks, the authority block included
 * @param maxSymbols the number of symbols that all blocks of a token declare together
 * @param maxKeys the number of public keys that all blocks of a token declare together
 * @param maxElements the number of facts, rules and checks of one block together
 */
public record DecodeLimits(
    int maxBytes, int maxBlocks, int maxSymbols, int maxKeys, int maxElements) {
  /** No limit lets a message be larger than this, in bytes. */
  public static final int HARD_MAX_BYTES = 16 << 20;

  /** No limit lets a token have more blocks: an origin is a set of blocks in one 64-bit word. */
  public static final int HARD_MAX_BLOCKS = 62;

  /** The limits for tokens and third-party messages: 64 KiB, 32 blocks. */
  public static final DecodeLimits DEFAULT = new DecodeLimits(64 << 10, 32, 4_096, 256, 4_096);

  /** The limits for snapshots, which hold derived facts too: 1 MiB, 62 blocks. */
  public static final DecodeLimits SNAPSHOT =
      new DecodeLimits(1 << 20, HARD_MAX_BLOCKS, 65_536, 4_096, 65_536);

  /**
   * Checks the limits.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is below 1 (keys and elements:
   *     0) or above its hard maximum
   */
  public DecodeLimits {
    requireRange("maxBytes", maxBytes, 1, HARD_MAX_BYTES);
    requireRange("maxBlocks", maxBlocks, 1, HARD_MAX_BLOCKS);
    requireRange("maxSymbols", maxSymbols, 0, HARD_MAX_BYTES);
    requireRange("maxKeys", maxKeys, 0, HARD_MAX_BYTES);
    requireRange("maxElements", maxElements, 0, HARD_MAX_BYTES);
  }

  /** The most characters of a token in base64url, without padding. */
  public int maxBase64() {
    return (int) ((maxBytes * 4L + 2) / 3);
  }

  /** Returns these limits with another size. */
  public DecodeLimits withMaxBytes(int bytes) {
    return new DecodeLimits(bytes, maxBlocks, maxSymbols, maxKeys, maxElements);
  }

  /** Returns these limits with another number of blocks. */
  public DecodeLimits withMaxBlocks(int blocks) {
    return new DecodeLimits(maxBytes, blocks, maxSymbols, maxKeys, maxElements);
  }

  /**
   * Refuses input that is longer than the limit.
   *
   * @param length its length in bytes
   * @param what what the input is, for the message
   * @throws TaperException {@link ErrorCode#DECODE_LIMIT}
   */
  public void requireSize(int length, String what) {
    if (length > maxBytes) {
      throw new TaperException(
          ErrorCode.DECODE_LIMIT,
          what + " has " + length + " bytes, the limit is " + maxBytes + " bytes");
    }
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          name + " must be between " + min + " and " + max + ", not " + value);
    }
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof DecodeLimits other
        && maxBytes == other.maxBytes
        && maxBlocks == other.maxBlocks
        && maxSymbols == other.maxSymbols
        && maxKeys == other.maxKeys
        && maxElements == other.maxElements;
  }

  @Override
  public int hashCode() {
    return Objects.hash(maxBytes, maxBlocks, maxSymbols, maxKeys, maxElements);
  }
}
