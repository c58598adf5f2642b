package dev.taper.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A number below the order L of the base point, for computing with public values only. Immutable.
 *
 * <p>Every signature has one of 512 bits to be reduced, so that is done here without big integers.
 * Limbs have 28 bits, because L = 2^252 + C and 252 = 9 * 28: what stands above the ninth limb is
 * the quotient by L, or one more.
 *
 * <p>Bounds: C has five limbs, and a quotient is at most 2^28, so a product is at most 2^56, and
 * what is carried stays below 2^57 in size.
 */
final class Ed25519Scalar {
  /** The bits of the largest scalar. */
  static final int BITS = 253;

  static final int HASH_BYTES = 64;

  private static final int BYTES = 32;
  private static final int RADIX = 28;
  private static final int MASK = (1 << RADIX) - 1;
  private static final int LIMBS = 9;
  private static final int HASH_LIMBS = 19;
  // The lowest limb first.
  private static final long[] C = {0xcf5d3ed, 0x12631a5, 0x79cd658, 0xf9dea2f, 0x14de};
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  // The highest may be 2^28.
  private final long[] limbs;

  private Ed25519Scalar(long[] limbs) {
    this.limbs = limbs;
  }

  /** Reads 32 bytes, little-endian, that are known to be below L. */
  static Ed25519Scalar decode(byte[] bytes, int at) {
    long[] limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = limb(bytes, at, i);
    }
    limbs[LIMBS - 1] += (long) (bytes[at + BYTES - 1] & 0xf0) << (RADIX - 4);
    return new Ed25519Scalar(limbs);
  }

  /** Reduces 64 bytes, little-endian, modulo L. */
  static Ed25519Scalar reduce(byte[] hash) {
    long[] limbs = new long[LIMBS];
    limbs[LIMBS - 1] = hash[HASH_BYTES - 1] & 0xff;
    for (int i = HASH_LIMBS - 2; i > HASH_LIMBS - 1 - LIMBS; i--) {
      limbs[i - (HASH_LIMBS - LIMBS)] = limb(hash, 0, i);
    }
    // It is below L all the time, so the limb that leaves is at most 2^28.
    for (int i = HASH_LIMBS - 1 - LIMBS; i >= 0; i--) {
      long quotient = limbs[LIMBS - 1];
      System.arraycopy(limbs, 0, limbs, 1, LIMBS - 1);
      limbs[0] = limb(hash, 0, i);
      for (int j = 0; j < C.length; j++) {
        limbs[j] -= quotient * C[j];
      }
      carry(limbs);
      if (limbs[LIMBS - 1] < 0) {
        addOrder(limbs);
      }
    }
    return new Ed25519Scalar(limbs);
  }

  private static int limb(byte[] bytes, int at, int i) {
    int bit = i * RADIX;
    return (int) INT.get(bytes, at + bit / Byte.SIZE) >>> bit % Byte.SIZE & MASK;
  }

  private static void addOrder(long[] limbs) {
    for (int j = 0; j < C.length; j++) {
      limbs[j] += C[j];
    }
    limbs[LIMBS - 1] += 1L << RADIX;
    carry(limbs);
  }

  /** Leaves 28 bits in every limb but the highest, which has the sign. */
  private static void carry(long[] limbs) {
    for (int j = 0; j < LIMBS - 1; j++) {
      limbs[j + 1] += limbs[j] >> RADIX;
      limbs[j] &= MASK;
    }
  }

  /**
   * Returns the digits of this number to the base 2^width, the lowest first, each from -2^(width-1)
   * to 2^(width-1) - 1.
   *
   * @param width 4 to 8, so that the highest digit has room for what is carried
   */
  byte[] digits(int width) {
    byte[] digits = new byte[(BITS + width - 1) / width];
    long mask = (1L << width) - 1;
    long half = 1L << (width - 1);
    long carry = 0;
    for (int i = 0; i < digits.length; i++) {
      int bit = i * width;
      int limb = bit / RADIX;
      int offset = bit % RADIX;
      long window = limb < LIMBS ? limbs[limb] >>> offset : limbs[LIMBS - 1] >>> (offset + RADIX);
      if (limb < LIMBS - 1) {
        window |= limbs[limb + 1] << (RADIX - offset);
      }
      long digit = (window & mask) + carry;
      carry = (digit + half) >> width;
      digits[i] = (byte) (digit - (carry << width));
    }
    return digits;
  }
}
