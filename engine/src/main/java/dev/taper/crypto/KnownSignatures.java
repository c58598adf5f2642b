package dev.taper.crypto;

import java.util.Arrays;

/**
 * A few signatures by known keys, which share the inversion that encoding a point takes. Each is
 * judged on its own: this is no batch verification with random weights, which would be unsound
 * without cofactor. For one thread.
 *
 * <p>Judging several at a time means that those behind a bad one are computed in vain, so they are
 * few: together they take what one verification by a new key does.
 */
final class KnownSignatures {
  static final int MAX = 4;

  private final Ed25519Point[] commitments = new Ed25519Point[MAX];
  private final byte[][] signatures = new byte[MAX][];
  private int count;

  /**
   * Adds a signature.
   *
   * @param signature a signature that has passed the shared checks of its form
   */
  void add(KnownKey key, byte[] message, byte[] signature) {
    commitments[count] = key.commitment(message, signature);
    signatures[count] = signature;
    count++;
  }

  int count() {
    return count;
  }

  /** Returns the index of the first invalid signature, or -1, and forgets all of them. */
  int firstInvalid() {
    if (count == 0) {
      return -1;
    }
    Ed25519Point.normalize(commitments, count);
    int invalid = -1;
    for (int i = count - 1; i >= 0; i--) {
      byte[] r = commitments[i].encodeNormalized();
      if (!Arrays.equals(r, 0, r.length, signatures[i], 0, r.length)) {
        invalid = i;
      }
    }
    count = 0;
    return invalid;
  }
}
