package dev.taper.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Two numbers of half the size that stand for a scalar k: u = vk modulo 8L, v odd.
 *
 * <p>8L is the order of the whole curve and v, being odd and smaller than the prime L, is
 * invertible modulo 8L. So for every point Q, of small or mixed order too, vQ is neutral exactly if
 * Q is: with Q = SB - kA - R, the equation (vS)B - uA - vR = 0 says the same as the one without
 * cofactor, with half the doublings (Antipa, Brown, Gallant, Lambert, Struik, Vanstone,
 * "Accelerated Verification of ECDSA Signatures", 2005; modulo 8L: Pornin, "Optimized Lattice Basis
 * Reduction in Dimension 2, and Fast Schnorr and EdDSA Signature Verification", 2020).
 *
 * <p>Euclid's algorithm for 8L and k, stopped in the middle, has such numbers as remainder and
 * cofactor. Lehmer's form of it (Knuth, "The Art of Computer Programming" 2, 4.5.2, algorithm L)
 * finds about 30 bits of quotients by 64-bit arithmetic. Limbs have 32 bits, and the two factors of
 * a sum are below 2^31 and of different signs, so that it fits 64 bits.
 *
 * @param u 0 or more; usually of 128 bits, but it may be longer
 * @param v of either sign, below 2^128 in size
 */
record Ed25519HalfScalar(BigInteger u, BigInteger v) {
  private static final BigInteger ORDER = Ed25519Verification.L.shiftLeft(3);
  private static final int WORD = 62;
  private static final int RADIX = 32;
  private static final long MASK = (1L << RADIX) - 1;
  private static final long MOST = Integer.MAX_VALUE;
  // Of half a number.
  private static final int HALF = 4;
  private static final int LIMBS = 2 * HALF;

  static Ed25519HalfScalar of(BigInteger k) {
    return new Euclid(k).half();
  }

  /** The algorithm's numbers: r0 = t0 k and r1 = t1 k modulo 8L. For one thread. */
  private static final class Euclid {
    // The lowest limb first; above the highest, 0 or -1 for the sign.
    private long[] r0 = limbs(ORDER, LIMBS);
    private long[] r1;
    // These have no common divisor, and different signs.
    private long[] t0 = limbs(BigInteger.ZERO, HALF);
    private long[] t1 = limbs(BigInteger.ONE, HALF);

    Euclid(BigInteger k) {
      r1 = limbs(k, LIMBS);
    }

    Ed25519HalfScalar half() {
      while (bitLength(r1) > HALF * RADIX) {
        step();
      }
      return (t1[0] & 1) != 0
          ? new Ed25519HalfScalar(number(r1), number(t1))
          : new Ed25519HalfScalar(number(r0), number(t0));
    }

    private void step() {
      int shift = bitLength(r0) - WORD;
      long x = window(r0, shift);
      long y = window(r1, shift);
      long enough = shift > HALF * RADIX ? 0 : 1L << (HALF * RADIX - shift);
      long a = 1;
      long b = 0;
      long c = 0;
      long d = 1;
      while (y >= enough && y + Math.min(c, d) > 0) {
        long q = (x + a) / (y + c);
        if (q != (x + b) / (y + d)) {
          break;
        }
        long nextC = a - q * c;
        long nextD = b - q * d;
        // The larger of the two: x is not smaller than y.
        if (Math.abs(nextD) > MOST) {
          break;
        }
        a = c;
        b = d;
        c = nextC;
        d = nextD;
        long next = x - q * y;
        x = y;
        y = next;
      }
      if (b == 0) {
        divide();
      } else {
        combine(a, b, c, d, r0, r1);
        combine(a, b, c, d, t0, t1);
      }
    }

    /** One step with a quotient that is too long for the others. */
    private void divide() {
      BigInteger[] division = number(r0).divideAndRemainder(number(r1));
      BigInteger t = number(t0).subtract(division[0].multiply(number(t1)));
      r0 = r1;
      r1 = limbs(division[1], LIMBS);
      t0 = t1;
      t1 = limbs(t, HALF);
    }

    /** Sets x, y to ax + by, cx + dy. */
    private static void combine(long a, long b, long c, long d, long[] x, long[] y) {
      int last = x.length - 1;
      long low = 0;
      long high = 0;
      for (int i = 0; i < last; i++) {
        low += a * x[i] + b * y[i];
        high += c * x[i] + d * y[i];
        x[i] = low & MASK;
        y[i] = high & MASK;
        low >>= RADIX;
        high >>= RADIX;
      }
      low += a * x[last] + b * y[last];
      high += c * x[last] + d * y[last];
      x[last] = low;
      y[last] = high;
    }

    private static int bitLength(long[] x) {
      int i = x.length - 1;
      while (i > 0 && x[i] == 0) {
        i--;
      }
      return i * RADIX + Long.SIZE - Long.numberOfLeadingZeros(x[i]);
    }

    /** The 64 bits from one on. */
    private static long window(long[] x, int bit) {
      int i = bit / RADIX;
      int offset = bit % RADIX;
      // A shift by 64 bits would be none.
      return x[i] >>> offset
          | x[i + 1] << (RADIX - offset)
          | x[i + 2] << 1 << (Long.SIZE - 1 - offset);
    }

    private static long[] limbs(BigInteger number, int count) {
      long[] x = new long[count + 1];
      for (int i = 0; i < count; i += 2) {
        long two = number.shiftRight(i * RADIX).longValue();
        x[i] = two & MASK;
        x[i + 1] = two >>> RADIX;
      }
      x[count] = number.signum() >> 1;
      return x;
    }

    private static BigInteger number(long[] x) {
      ByteBuffer bytes = ByteBuffer.allocate(x.length * Integer.BYTES);
      for (int i = x.length - 1; i >= 0; i--) {
        bytes.putInt((int) x[i]);
      }
      return new BigInteger(bytes.array());
    }
  }
}
