package dev.taper.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the first blocks of a token in a cache. Two keys are equal only if every signed byte
 * is equal; the hash tells where to look. A key in the cache has its bytes in the blocks, which
 * longer and shorter keys share; a key for a look-up has them in a token. Immutable, if the array
 * is.
 */
final class PrefixKey {
  private static final VerifiedBlock[] NONE = {};
  private static final byte[] NOTHING = {};

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final VerifiedBlock[] blocks;
  private final int hash;

  /** Makes a key to look up a range of an array, which is not copied. */
  PrefixKey(byte[] bytes, int from, int to, long hash) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.blocks = NONE;
    this.hash = Long.hashCode(hash);
  }

  /** Makes a key to keep, for blocks that know their bytes. */
  PrefixKey(VerifiedBlock[] blocks, long hash) {
    this.bytes = NOTHING;
    this.from = 0;
    this.to = 0;
    this.blocks = blocks;
    this.hash = Long.hashCode(hash);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    if (!(o instanceof PrefixKey other) || hash != other.hash) {
      return false;
    }
    if (blocks.length == 0) {
      return other.blocks.length != 0 && matches(other.blocks);
    }
    return other.blocks.length == 0 ? other.matches(blocks) : areSame(blocks, other.blocks);
  }

  private boolean matches(VerifiedBlock[] kept) {
    int at = from;
    for (VerifiedBlock block : kept) {
      byte[] own = block.bytes();
      if (own.length > to - at || !Arrays.equals(own, 0, own.length, bytes, at, at + own.length)) {
        return false;
      }
      at += own.length;
    }
    return at == to;
  }

  private static boolean areSame(VerifiedBlock[] one, VerifiedBlock[] other) {
    if (one.length != other.length) {
      return false;
    }
    for (int i = 0; i < one.length; i++) {
      if (one[i] != other[i] && !Arrays.equals(one[i].bytes(), other[i].bytes())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
