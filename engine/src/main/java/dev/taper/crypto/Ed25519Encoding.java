package dev.taper.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks the bytes of an Ed25519 signature or key before any arithmetic, in the same way for every
 * library: they must be RFC 8032's canonical encodings, and no point of small order.
 *
 * <p>An encoding is y in 255 bits, little-endian, and the sign of x. Eight points have an order
 * that divides 8, with five values of y: 1 and −1 (x = 0, orders 1 and 2), 0 (order 4), and two
 * opposite roots of order 8. Refusing these five, whatever the sign bit, also refuses the two
 * "negative zero" encodings of x = 0; with y below the prime, nothing else is non-canonical. The
 * values follow from the curve equation; compare table 6c of Chalkias, Garillot and Nikolaenko,
 * "Taming the many EdDSAs" (2020).
 */
final class Ed25519Encoding {
  static final int SIGNATURE_BYTES = 64;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long TOP = 0x7fffffffffffffffL;
  // p = 2^255 - 19, whose other words are all ones.
  private static final long P0 = 0xffffffffffffffedL;
  // The order of the base point, low word first.
  private static final long[] L = {
    0x5812631a5cf5d3edL, 0x14def9dea2f79cd6L, 0, 0x1000000000000000L
  };
  // The two y of order 8, low word first.
  private static final long[] Y8 = {
    0xb027b2c28f95e826L, 0xf098eff289f4c345L, 0x3933c6d305acdfd5L, 0x05fc536d880238b1L
  };
  private static final long[] MINUS_Y8 = {
    0x4fd84d3d706a17c7L, 0x0f67100d760b3cbaL, 0xc6cc392cfa53202aL, 0x7a03ac9277fdc74eL
  };

  private Ed25519Encoding() {}

  /** True if a signature has the right length, a canonical S and an acceptable R. */
  static boolean isAcceptableSignature(byte[] signature) {
    return signature.length == SIGNATURE_BYTES
        && isCanonicalScalar(signature, 32)
        && isAcceptablePoint(signature, 0);
  }

  /** True if 32 bytes are below the order of the base point. */
  static boolean isCanonicalScalar(byte[] bytes, int at) {
    for (int i = L.length - 1; i >= 0; i--) {
      int order = Long.compareUnsigned(word(bytes, at + i * Long.BYTES), L[i]);
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }

  /** True if 32 bytes are a canonical encoding, and not of a point of small order. */
  static boolean isAcceptablePoint(byte[] bytes, int at) {
    long y0 = word(bytes, at);
    long y1 = word(bytes, at + 8);
    long y2 = word(bytes, at + 16);
    long y3 = word(bytes, at + 24) & TOP;
    if (y3 == 0 && y2 == 0 && y1 == 0) {
      return y0 != 0 && y0 != 1;
    }
    if (y3 == TOP && y2 == -1 && y1 == -1) {
      return Long.compareUnsigned(y0, P0 - 1) < 0;
    }
    return !same(Y8, y0, y1, y2, y3) && !same(MINUS_Y8, y0, y1, y2, y3);
  }

  private static boolean same(long[] y, long y0, long y1, long y2, long y3) {
    return y[0] == y0 && y[1] == y1 && y[2] == y2 && y[3] == y3;
  }

  private static long word(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }
}
