package dev.taper.crypto;

import java.math.BigInteger;

/**
 * A multiple of a point that is still to be computed: public values only.
 *
 * <p>The scalar's digits are zero, or odd and below 2^(w-1) in size. At most one in w neighbours is
 * not zero; on average one in w + 1 is not (width-w non-adjacent form; Hankerson, Menezes,
 * Vanstone, "Guide to Elliptic Curve Cryptography", algorithm 3.35).
 */
final class Ed25519Multiple {
  private static final int BITS = 256;

  // The lowest first.
  private final byte[] digits;
  // The point's 2^(w-2) odd multiples.
  private final Ed25519Point.Addend[] odd;

  private Ed25519Multiple(byte[] digits, Ed25519Point.Addend[] odd) {
    this.digits = digits;
    this.odd = odd;
  }

  /**
   * Prepares a multiple.
   *
   * @param scalar 0 or more, below 2^254
   * @param odd the point's odd multiples P, 3P, 5P, …: 1, 2, 4, … or 64 of them
   */
  static Ed25519Multiple of(BigInteger scalar, Ed25519Point.Addend[] odd) {
    int width = Integer.numberOfTrailingZeros(odd.length) + 2;
    return new Ed25519Multiple(nonAdjacentForm(scalar, width), odd);
  }

  /** Adds multiples, which share their doublings (Straus). */
  static Ed25519Point sum(Ed25519Multiple... multiples) {
    Ed25519Point sum = Ed25519Point.neutral();
    int bit = BITS - 1;
    while (bit >= 0 && additions(multiples, bit) == 0) {
      bit--;
    }
    for (; bit >= 0; bit--) {
      int left = additions(multiples, bit);
      sum.twice(left > 0);
      for (Ed25519Multiple multiple : multiples) {
        int digit = multiple.digits[bit];
        if (digit != 0) {
          int sign = digit >> (Integer.SIZE - 1);
          sum.add(multiple.odd[((digit ^ sign) - sign) >> 1], sign, --left > 0);
        }
      }
    }
    return sum;
  }

  private static int additions(Ed25519Multiple[] multiples, int bit) {
    int additions = 0;
    for (Ed25519Multiple multiple : multiples) {
      additions += multiple.digits[bit] & 1;
    }
    return additions;
  }

  private static byte[] nonAdjacentForm(BigInteger scalar, int width) {
    long[] words = new long[BITS / Long.SIZE + 1];
    for (int i = 0; i < words.length; i++) {
      words[i] = scalar.shiftRight(i * Long.SIZE).longValue();
    }
    byte[] digits = new byte[BITS];
    long mask = (1L << width) - 1;
    long carry = 0;
    int bit = 0;
    while (bit < BITS) {
      // Zeros leave the carry as it is, and so do ones that a carry makes zeros: they are skipped
      // at once, because nobody can foresee how many there are.
      int zeros = Long.numberOfTrailingZeros(window(words, bit) + carry);
      bit += zeros;
      if (zeros < Long.SIZE && bit < BITS) {
        long digit = (window(words, bit) & mask) + carry;
        carry = digit >> (width - 1);
        digits[bit] = (byte) (digit - (carry << width));
        bit += width;
      }
    }
    return digits;
  }

  /** The 64 bits from one on. */
  private static long window(long[] words, int bit) {
    int word = bit / Long.SIZE;
    int offset = bit % Long.SIZE;
    // A shift by 64 bits would be none.
    return words[word] >>> offset | words[word + 1] << 1 << (Long.SIZE - 1 - offset);
  }
}
