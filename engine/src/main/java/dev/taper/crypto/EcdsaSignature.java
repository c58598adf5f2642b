package dev.taper.crypto;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An ECDSA signature over P-256; both numbers are in 1..n-1.
 *
 * <p>On the wire it is a DER sequence of two integers (RFC 3279, 2.2.3). Only DER is read: definite
 * and minimal lengths, minimal non-negative integers, nothing after the end. At this size every
 * length is a single byte.
 */
record EcdsaSignature(BigInteger r, BigInteger s) {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  static final int MIN_BYTES = 8;
  private static final int MAX_INTEGER_BYTES = 33;
  static final int MAX_BYTES = 2 + 2 * (2 + MAX_INTEGER_BYTES);

  /** Reads DER, or returns null if it is not DER or a number is out of range. */
  static @Nullable EcdsaSignature parse(byte[] der) {
    if (der.length < MIN_BYTES
        || der.length > MAX_BYTES
        || der[0] != SEQUENCE
        || der[1] != der.length - 2) {
      return null;
    }
    BigInteger r = integer(der, 2);
    if (r == null) {
      return null;
    }
    int second = 4 + der[3];
    BigInteger s = integer(der, second);
    if (s == null || second + 2 + der[second + 1] != der.length) {
      return null;
    }
    return new EcdsaSignature(r, s);
  }

  private static @Nullable BigInteger integer(byte[] der, int at) {
    if (at + 2 >= der.length || der[at] != INTEGER) {
      return null;
    }
    int length = der[at + 1];
    int first = at + 2;
    if (length < 1 || length > MAX_INTEGER_BYTES || first + length > der.length) {
      return null;
    }
    boolean negative = der[first] < 0;
    boolean padded = length > 1 && der[first] == 0 && der[first + 1] >= 0;
    if (negative || padded) {
      return null;
    }
    BigInteger value = new BigInteger(der, first, length);
    return P256.isScalar(value) ? value : null;
  }

  /** The equivalent signature whose s is in the lower half. */
  EcdsaSignature lowS() {
    return new EcdsaSignature(r, P256.lowS(s));
  }

  byte[] toDer() {
    byte[] rBytes = r.toByteArray();
    byte[] sBytes = s.toByteArray();
    byte[] der = new byte[6 + rBytes.length + sBytes.length];
    der[0] = SEQUENCE;
    der[1] = (byte) (der.length - 2);
    der[2] = INTEGER;
    der[3] = (byte) rBytes.length;
    System.arraycopy(rBytes, 0, der, 4, rBytes.length);
    int second = 4 + rBytes.length;
    der[second] = INTEGER;
    der[second + 1] = (byte) sBytes.length;
    System.arraycopy(sBytes, 0, der, second + 2, sBytes.length);
    return der;
  }
}
