package dev.taper.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519's verification equation without cofactor (RFC 8032, 5.1.7): R = SB - kA, compared as
 * bytes.
 *
 * <p>Bouncy Castle's own function multiplies both sides by 8, as RFC 8032 allows, and so accepts
 * signatures that are off by a point of small order and that a verifier without cofactor refuses.
 * Two verifiers of one token must not disagree, so the equation is computed here. Everything is
 * public, so nothing has to take constant time.
 *
 * <p>S and k are written in width-w non-adjacent form and share their doublings (Straus): at most
 * 254 doublings and about 70 additions.
 */
final class Ed25519Verification implements VerificationKey {
  private static final int POINT_BYTES = 32;
  static final BigInteger L =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final int BITS = 256;
  private static final int KEY_WIDTH = 5;
  private static final int BASE_WIDTH = 8;
  private static final Ed25519Point.Addend[] BASE =
      Ed25519Point.base().oddMultiples(1 << (BASE_WIDTH - 2));

  private final byte[] encoded;
  // -A, to be copied before use.
  private final Ed25519Point negated;

  private Ed25519Verification(byte[] encoded, Ed25519Point negated) {
    this.encoded = encoded;
    this.negated = negated;
  }

  /** Decodes a key, or returns null if no point has this encoding. */
  static @Nullable Ed25519Verification of(byte[] encoded) {
    Ed25519Point point = Ed25519Point.decode(encoded, 0);
    if (point == null) {
      return null;
    }
    point.negate();
    return new Ed25519Verification(encoded, point);
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    byte[] s = new byte[POINT_BYTES];
    for (int i = 0; i < s.length; i++) {
      s[i] = signature[Ed25519Encoding.SIGNATURE_BYTES - 1 - i];
    }
    byte[] sDigits = nonAdjacentForm(new BigInteger(1, s), BASE_WIDTH);
    byte[] kDigits = nonAdjacentForm(challenge(message, signature), KEY_WIDTH);
    byte[] expected = combine(sDigits, kDigits).encode();
    return Arrays.equals(expected, 0, POINT_BYTES, signature, 0, POINT_BYTES);
  }

  /** k = SHA-512(R, A, M) mod L. */
  private BigInteger challenge(byte[] message, byte[] signature) {
    SHA512Digest digest = new SHA512Digest();
    digest.update(signature, 0, POINT_BYTES);
    digest.update(encoded, 0, POINT_BYTES);
    digest.update(message, 0, message.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    for (int i = 0, j = hash.length - 1; i < j; i++, j--) {
      byte swapped = hash[i];
      hash[i] = hash[j];
      hash[j] = swapped;
    }
    return new BigInteger(1, hash).mod(L);
  }

  /** SB + k(-A). */
  private Ed25519Point combine(byte[] sDigits, byte[] kDigits) {
    Ed25519Point.Addend[] key = negated.copy().oddMultiples(1 << (KEY_WIDTH - 2));
    Ed25519Point sum = Ed25519Point.neutral();
    int bit = BITS - 1;
    while (bit >= 0 && sDigits[bit] == 0 && kDigits[bit] == 0) {
      bit--;
    }
    for (; bit >= 0; bit--) {
      int s = sDigits[bit];
      int k = kDigits[bit];
      sum.twice(s != 0 || k != 0);
      addMultiple(sum, BASE, s, k != 0);
      addMultiple(sum, key, k, false);
    }
    return sum;
  }

  private static void addMultiple(
      Ed25519Point sum, Ed25519Point.Addend[] odd, int digit, boolean withT) {
    if (digit > 0) {
      sum.add(odd[digit >> 1], withT);
    } else if (digit < 0) {
      sum.subtract(odd[-digit >> 1], withT);
    }
  }

  /**
   * Writes a value below 2^253 with digits that are zero or odd and below 2^(width-1) in size, of
   * which at most one in {@code width} neighbours is not zero (Hankerson, Menezes, Vanstone, "Guide
   * to Elliptic Curve Cryptography", algorithm 3.35).
   */
  private static byte[] nonAdjacentForm(BigInteger value, int width) {
    long[] words = new long[BITS / Long.SIZE + 1];
    for (int i = 0; i < words.length; i++) {
      words[i] = value.shiftRight(i * Long.SIZE).longValue();
    }
    byte[] digits = new byte[BITS];
    int mask = (1 << width) - 1;
    int carry = 0;
    int bit = 0;
    while (bit < BITS) {
      int offset = bit % Long.SIZE;
      long window = words[bit / Long.SIZE] >>> offset;
      if (offset > Long.SIZE - width) {
        window |= words[bit / Long.SIZE + 1] << (Long.SIZE - offset);
      }
      int digit = ((int) window & mask) + carry;
      if ((digit & 1) == 0) {
        // An even sum leaves the carry as it is: 0 + 0, or 1 + 1.
        bit++;
        continue;
      }
      carry = digit >> (width - 1);
      digits[bit] = (byte) (digit - (carry << width));
      bit += width;
    }
    return digits;
  }
}
