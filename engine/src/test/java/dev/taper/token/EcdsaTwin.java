package dev.taper.token;

import java.math.BigInteger;
import java.util.Arrays;

/** Makes the other signature that is valid for the same message: (r, n - s) for (r, s). */
public final class EcdsaTwin {
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private EcdsaTwin() {}

  public static byte[] of(byte[] der) {
    int second = 4 + der[3];
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(der, second + 2, der.length));
    byte[] other = ORDER.subtract(s).toByteArray();
    byte[] twin = Arrays.copyOf(der, second + 2 + other.length);
    System.arraycopy(other, 0, twin, second + 2, other.length);
    twin[second + 1] = (byte) other.length;
    twin[1] = (byte) (twin.length - 2);
    return twin;
  }
}
