package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.crypto.SecretBytes;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Knows where the blocks and the end of a token lie in its bytes, without decoding any of them.
 *
 * <p>A token that comes again is recognised by its bytes, so this is all that is read of it. Only a
 * token in the order in which everyone writes it has an outline: the root key id if there is one,
 * the authority block, the other blocks, the proof, every number in its shortest form, and nothing
 * behind. For anything else {@link #of} returns null, and {@link RawToken#decode} decides; it may
 * also refuse a token that has an outline.
 *
 * <p>It takes one pass over the tags and lengths, and two small objects. Not thread-safe: the array
 * may belong to the caller.
 */
public final class TokenOutline {
  private static final int ROOT_KEY_ID = 1 << 3;
  private static final int AUTHORITY = 2 << 3 | 2;
  private static final int BLOCK = 3 << 3 | 2;
  private static final int PROOF = 4 << 3 | 2;
  private static final int NEXT_SECRET = 1 << 3 | 2;
  private static final int FINAL_SIGNATURE = 2 << 3 | 2;

  private final byte[] bytes;
  private int position;
  private OptionalInt rootKeyId = OptionalInt.empty();
  private int start;
  private int[] ends = new int[8];
  private int count;

  private TokenOutline(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the outline of a token, or null if it has none.
   *
   * @param bytes the token, not copied and not changed
   */
  public static @Nullable TokenOutline of(byte[] bytes) {
    TokenOutline outline = new TokenOutline(bytes);
    return outline.read() ? outline : null;
  }

  private boolean read() {
    if (at(ROOT_KEY_ID)) {
      long id = number(5);
      if (id < 0 || id > 0xFFFF_FFFFL) {
        return false;
      }
      rootKeyId = OptionalInt.of((int) id);
    }
    start = position;
    if (!at(AUTHORITY) || !block()) {
      return false;
    }
    while (at(BLOCK)) {
      if (!block()) {
        return false;
      }
    }
    if (!at(PROOF)) {
      return false;
    }
    int length = length();
    return length >= 0 && position + length == bytes.length;
  }

  private boolean block() {
    int length = length();
    if (length < 0 || count == DecodeLimits.HARD_MAX_BLOCKS) {
      return false;
    }
    position += length;
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = position;
    return true;
  }

  private boolean at(int tag) {
    if (position < bytes.length && bytes[position] == tag) {
      position++;
      return true;
    }
    return false;
  }

  /** Reads a length that fits the bytes that are left, or -1. */
  private int length() {
    long length = number(4);
    return length <= bytes.length - position ? (int) length : -1;
  }

  /** Reads a number of at most this many bytes in its shortest form, or -1. */
  private long number(int maxBytes) {
    long value = 0;
    for (int i = 0; i < maxBytes && position < bytes.length; i++) {
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        return i > 0 && b == 0 ? -1 : value;
      }
    }
    return -1;
  }

  /** The hint for choosing the root key. */
  public OptionalInt rootKeyId() {
    return rootKeyId;
  }

  /** The number of blocks, at least 1. */
  public int blocks() {
    return count;
  }

  /** Where the authority block starts, its tag included. */
  public int start() {
    return start;
  }

  /** Where a block ends, and the next one or the proof starts. */
  public int end(int block) {
    return ends[block];
  }

  /** How the token ends; null if it takes {@link RawToken#decode} to say. */
  public @Nullable TokenEnd proof() {
    int from = position;
    if (from == bytes.length) {
      return new TokenEnd.Held();
    }
    int tag = bytes[position++];
    int length = length();
    TokenEnd proof = null;
    if (length >= 0 && position + length == bytes.length) {
      if (tag == NEXT_SECRET) {
        byte[] secret = Arrays.copyOfRange(bytes, position, bytes.length);
        proof = new TokenEnd.NextSecret(SecretBytes.copyOf(secret));
        Arrays.fill(secret, (byte) 0);
      } else if (tag == FINAL_SIGNATURE) {
        proof = new TokenEnd.FinalSignature(Arrays.copyOfRange(bytes, position, bytes.length));
      }
    }
    position = from;
    return proof;
  }
}
