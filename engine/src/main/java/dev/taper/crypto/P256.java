package dev.taper.crypto;

import java.math.BigInteger;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/** The curve P-256, also named secp256r1 (NIST SP 800-186, 3.2.1.3). */
final class P256 {
  static final ECDomainParameters DOMAIN =
      new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));

  /** The order of the base point. */
  static final BigInteger N = DOMAIN.getN();

  private static final BigInteger HALF_N = N.shiftRight(1);
  private static final BigInteger P = DOMAIN.getCurve().getField().getCharacteristic();

  private P256() {}

  /** True if bytes have the form of a compressed point, with a coordinate in the field. */
  static boolean isCompressedForm(byte[] bytes) {
    return bytes.length == 33
        && (bytes[0] == 2 || bytes[0] == 3)
        && new BigInteger(1, bytes, 1, 32).compareTo(P) < 0;
  }

  /** Decodes a compressed point; null if no point has that coordinate. */
  static @Nullable ECPoint decode(byte[] compressed) {
    try {
      return DOMAIN.getCurve().decodePoint(compressed);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** True if a value is in 1..n-1. */
  static boolean isScalar(BigInteger value) {
    return value.signum() > 0 && value.compareTo(N) < 0;
  }

  /** Returns the smaller one of s and n - s. */
  static BigInteger lowS(BigInteger s) {
    return s.compareTo(HALF_N) > 0 ? N.subtract(s) : s;
  }
}
