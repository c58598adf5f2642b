package dev.taper.crypto;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519's verification equation without cofactor (RFC 8032, 5.1.7): SB = kA + R.
 *
 * <p>Bouncy Castle's own function multiplies both sides by 8, as RFC 8032 allows, and so accepts
 * signatures that are off by a point of small order and that a verifier without cofactor refuses.
 * Two verifiers of one token must not disagree, so the equation is computed here. All values are
 * public, so nothing has to take constant time.
 *
 * <p>This is nearly all of what verifying an unknown chain costs. {@link Ed25519HalfScalar}
 * replaces k by u/v of half its size, and S by the two halves of vS, so that four multiples share
 * about 130 doublings (at most 253, if a signer searches for an unlucky k) and about 80 additions.
 */
final class Ed25519Verification implements VerificationKey {
  /** The order of the base point, a prime (RFC 8032, 5.1). */
  static final BigInteger L =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final int HALF = 127;
  private static final BigInteger LOWER_HALF =
      BigInteger.ONE.shiftLeft(HALF).subtract(BigInteger.ONE);

  // Powers of two. More of them for A and R would cost as much as they save.
  private static final int MULTIPLES = 4;
  private static final int BASE_MULTIPLES = 64;
  private static final Ed25519Point.Addend[] BASE =
      Ed25519Point.base().normalizedOddMultiples(BASE_MULTIPLES);
  private static final Ed25519Point.Addend[] UPPER_BASE =
      upperBase().normalizedOddMultiples(BASE_MULTIPLES);

  private final byte[] encoded;
  // -A, to be copied before use.
  private final Ed25519Point negated;

  private Ed25519Verification(byte[] encoded, Ed25519Point negated) {
    this.encoded = encoded;
    this.negated = negated;
  }

  /** Decodes a key; null if no point has this encoding. */
  static @Nullable Ed25519Verification of(byte[] encoded) {
    Ed25519Point point = Ed25519Point.decode(encoded, 0);
    if (point == null) {
      return null;
    }
    point.negate();
    return new Ed25519Verification(encoded, point);
  }

  /** B times 2^127. */
  private static Ed25519Point upperBase() {
    Ed25519Point point = Ed25519Point.base();
    for (int i = 0; i < HALF; i++) {
      point.twice(true);
    }
    return point;
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    Ed25519Point r = Ed25519Point.decode(signature, 0);
    if (r == null) {
      return false;
    }
    byte[] s = new byte[Ed25519Field.BYTES];
    for (int i = 0; i < s.length; i++) {
      s[i] = signature[Ed25519Encoding.SIGNATURE_BYTES - 1 - i];
    }
    return holds(new BigInteger(1, s), challenge(message, signature), r);
  }

  /** k = SHA-512(R, A, M) mod L. */
  private BigInteger challenge(byte[] message, byte[] signature) {
    byte[] hash = Sha512.challenge(signature, encoded, message);
    for (int i = 0, j = hash.length - 1; i < j; i++, j--) {
      byte swapped = hash[i];
      hash[i] = hash[j];
      hash[j] = swapped;
    }
    return new BigInteger(1, hash).mod(L);
  }

  /**
   * True if SB = kA + R.
   *
   * @param s below L
   * @param k below L
   * @param r the point R, which is changed
   */
  boolean holds(BigInteger s, BigInteger k, Ed25519Point r) {
    Ed25519HalfScalar half = Ed25519HalfScalar.of(k);
    BigInteger vs = half.v().multiply(s).mod(L);
    if (half.v().signum() > 0) {
      r.negate();
    }
    return Ed25519Multiple.sum(
            Ed25519Multiple.of(vs.and(LOWER_HALF), BASE),
            Ed25519Multiple.of(vs.shiftRight(HALF), UPPER_BASE),
            Ed25519Multiple.of(half.u(), negated.copy().oddMultiples(MULTIPLES)),
            Ed25519Multiple.of(half.v().abs(), r.oddMultiples(MULTIPLES)))
        .isNeutral();
  }
}
