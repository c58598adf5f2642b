package dev.taper.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Computes 1/a modulo p = 2^255 - 19, for public values only: the running time depends on them. For
 * one thread.
 *
 * <p>Encoding a point takes an inversion, which by a power is a fifth of a verification by a known
 * key. This takes a third of that: division steps (Bernstein, Yang, "Fast constant-time gcd
 * computation and modular inversion", 2019) in rounds of 30, each a matrix found in the lowest
 * words alone. Limbs have 30 bits, so that no product needs 128.
 *
 * <p>Bounds: |u| + |v| and |q| + |r| are at most 2^30, so sums of products stay below 2^62. At most
 * 25 rounds are needed for 255 bits, and each makes d and e greater by p/2 at most.
 */
final class Ed25519Inverse {
  private static final int RADIX = 30;
  private static final int MASK = (1 << RADIX) - 1;
  private static final int LIMBS = 9;

  /** As many as 255 bits can need: 738 steps. */
  private static final int ROUNDS = 25;

  /** Whole words from the first byte of every limb. */
  private static final int ROOM = 40;

  /** p is 2^15 in the highest limb, less 19. */
  private static final int HIGHEST = 1 << 15;

  /** 1/19 modulo 2^32. */
  private static final int INVERSE_19 = 678152731;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // f = ad and g = ae modulo p, always; f and g lose 30 bits in each round.
  private final long[] f = new long[LIMBS];
  private final long[] g = new long[LIMBS];
  private final long[] d = new long[LIMBS];
  private final long[] e = new long[LIMBS];
  private int length = LIMBS;

  /** Minus delta of the paper. */
  private int eta = -1;

  // The matrix of a round: f, g become uf + vg, qf + rg.
  private long u;
  private long v;
  private long q;
  private long r;

  private Ed25519Inverse(byte[] encoded) {
    for (int i = 0; i < LIMBS; i++) {
      int bit = i * RADIX;
      g[i] = ((long) LONG.get(encoded, bit / Byte.SIZE) >>> (bit % Byte.SIZE)) & MASK;
    }
    f[0] = -19;
    f[LIMBS - 1] = HIGHEST;
    e[0] = 1;
  }

  /**
   * Inverts a number.
   *
   * @param encoded the number in 0..p-1, 32 bytes, little-endian
   * @return a number below 2^255 in as many bytes, and some zeros; 0 for 0
   */
  static byte[] of(byte[] encoded) {
    Ed25519Inverse inverse = new Ed25519Inverse(Arrays.copyOf(encoded, ROOM));
    for (int i = 0; i < ROUNDS && !inverse.isDone(); i++) {
      inverse.steps();
      inverse.updateNumbers();
      inverse.updateFactors();
    }
    return inverse.result();
  }

  private boolean isDone() {
    long any = 0;
    for (int i = 0; i < length; i++) {
      any |= g[i];
    }
    return any == 0;
  }

  /** Finds the matrix of 30 steps. Up to six steps that only add f are taken at once. */
  private void steps() {
    long a = 1;
    long b = 0;
    long c = 0;
    long h = 1;
    int x = (int) f[0];
    int y = (int) g[0];
    int delta = eta;
    int left = RADIX;
    while (true) {
      int zeros = Integer.numberOfTrailingZeros(y | (-1 << left));
      y >>= zeros;
      a <<= zeros;
      b <<= zeros;
      delta -= zeros;
      left -= zeros;
      if (left == 0) {
        break;
      }
      if (delta < 0) {
        delta = -delta;
        int number = x;
        x = y;
        y = -number;
        long factor = a;
        a = c;
        c = -factor;
        factor = b;
        b = h;
        h = -factor;
      }
      // x(2 - x^2) = 1/x modulo 64, because x is odd.
      int most = Math.min(Math.min(delta + 1, left), 6);
      int times = (x * y * (x * x - 2)) & ((1 << most) - 1);
      y += times * x;
      c += times * a;
      h += times * b;
    }
    eta = delta;
    u = a;
    v = b;
    q = c;
    r = h;
  }

  private void updateNumbers() {
    long low = (u * f[0] + v * g[0]) >> RADIX;
    long high = (q * f[0] + r * g[0]) >> RADIX;
    for (int i = 1; i < length; i++) {
      low += u * f[i] + v * g[i];
      high += q * f[i] + r * g[i];
      f[i - 1] = low & MASK;
      g[i - 1] = high & MASK;
      low >>= RADIX;
      high >>= RADIX;
    }
    f[length - 1] = low;
    g[length - 1] = high;
    // The highest limbs have the signs; if that is all, they move down.
    if (length > 2 && low == (low >> 1) && high == (high >> 1)) {
      length--;
      f[length - 1] += low << RADIX;
      g[length - 1] += high << RADIX;
    }
  }

  /** Does the same to d and e, with as much of p as makes them divisible by 2^30. */
  private void updateFactors() {
    long low = u * d[0] + v * e[0];
    long high = q * d[0] + r * e[0];
    long lowTimes = signed((int) low * INVERSE_19);
    long highTimes = signed((int) high * INVERSE_19);
    low = (low - 19 * lowTimes) >> RADIX;
    high = (high - 19 * highTimes) >> RADIX;
    for (int i = 1; i < LIMBS; i++) {
      low += u * d[i] + v * e[i];
      high += q * d[i] + r * e[i];
      if (i == LIMBS - 1) {
        low += lowTimes * HIGHEST;
        high += highTimes * HIGHEST;
      }
      d[i - 1] = low & MASK;
      e[i - 1] = high & MASK;
      low >>= RADIX;
      high >>= RADIX;
    }
    d[LIMBS - 1] = low;
    e[LIMBS - 1] = high;
  }

  /** The number of -2^29..2^29-1 that has the same lowest 30 bits. */
  private static int signed(int bits) {
    return (bits << (Integer.SIZE - RADIX)) >> (Integer.SIZE - RADIX);
  }

  /** Returns d, or -d if f ended as -1. */
  private byte[] result() {
    boolean negative = f[length - 1] < 0;
    for (int i = 0; negative && i < LIMBS; i++) {
      d[i] = -d[i];
    }
    // 16p more is not negative.
    d[LIMBS - 1] += 16 * HIGHEST;
    carry(-16 * 19);
    // Once leaves less than 2^255 + 2^10, twice less than 2^255.
    for (int i = 0; i < 2; i++) {
      long above = d[LIMBS - 1] / HIGHEST;
      d[LIMBS - 1] %= HIGHEST;
      carry(19 * above);
    }
    byte[] bytes = new byte[ROOM];
    for (int i = 0; i < LIMBS; i++) {
      int at = i * RADIX / Byte.SIZE;
      LONG.set(bytes, at, (long) LONG.get(bytes, at) | d[i] << (i * RADIX % Byte.SIZE));
    }
    return bytes;
  }

  private void carry(long more) {
    long carry = more;
    for (int i = 0; i < LIMBS - 1; i++) {
      carry += d[i];
      d[i] = carry & MASK;
      carry >>= RADIX;
    }
    d[LIMBS - 1] += carry;
  }
}
