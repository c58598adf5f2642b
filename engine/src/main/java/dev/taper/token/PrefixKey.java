package dev.taper.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a token's first blocks as signed, by which a cache knows them. Equal only if every
 * byte is; the hash tells where to look. Immutable, if the array is.
 */
final class PrefixKey {
  private final byte[] bytes;
  private final int from;
  private final int to;
  private final int hash;

  /** A key that looks at a range of an array, which is not copied. */
  PrefixKey(byte[] bytes, int from, int to, long hash) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.hash = Long.hashCode(hash);
  }

  /** The number of bytes that this keeps alive. */
  int weight() {
    return bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof PrefixKey other
        && hash == other.hash
        && Arrays.equals(bytes, from, to, other.bytes, other.from, other.to);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
