package dev.taper.crypto;

import java.math.BigInteger;

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
 * finds about 30 bits of quotients by 64-bit arithmetic.
 *
 * @param u 0 or more; usually of 128 bits, but it may be longer
 * @param v of either sign, below 2^128 in size
 */
record Ed25519HalfScalar(BigInteger u, BigInteger v) {
  private static final BigInteger ORDER = Ed25519Verification.L.shiftLeft(3);
  private static final int HALF = 128;
  private static final int WORD = 62;

  static Ed25519HalfScalar of(BigInteger k) {
    // r0 = t0 k and r1 = t1 k modulo 8L; t0 and t1 have no common divisor.
    BigInteger r0 = ORDER;
    BigInteger r1 = k;
    BigInteger t0 = BigInteger.ZERO;
    BigInteger t1 = BigInteger.ONE;
    while (r1.bitLength() > HALF) {
      int shift = r0.bitLength() - WORD;
      long x = r0.shiftRight(shift).longValue();
      long y = r1.shiftRight(shift).longValue();
      long enough = shift > HALF ? 0 : 1L << (HALF - shift);
      long a = 1;
      long b = 0;
      long c = 0;
      long d = 1;
      while (y >= enough && y + c > 0 && y + d > 0) {
        long q = (x + a) / (y + c);
        if (q != (x + b) / (y + d)) {
          break;
        }
        long next = a - q * c;
        a = c;
        c = next;
        next = b - q * d;
        b = d;
        d = next;
        next = x - q * y;
        x = y;
        y = next;
      }
      BigInteger r;
      BigInteger t;
      if (b == 0) {
        BigInteger[] division = r0.divideAndRemainder(r1);
        r = r1;
        t = t1;
        r1 = division[1];
        t1 = t0.subtract(division[0].multiply(t1));
      } else {
        r = combine(a, r0, b, r1);
        t = combine(a, t0, b, t1);
        r1 = combine(c, r0, d, r1);
        t1 = combine(c, t0, d, t1);
      }
      r0 = r;
      t0 = t;
    }
    return t1.testBit(0) ? new Ed25519HalfScalar(r1, t1) : new Ed25519HalfScalar(r0, t0);
  }

  private static BigInteger combine(long a, BigInteger x, long b, BigInteger y) {
    return BigInteger.valueOf(a).multiply(x).add(BigInteger.valueOf(b).multiply(y));
  }
}
