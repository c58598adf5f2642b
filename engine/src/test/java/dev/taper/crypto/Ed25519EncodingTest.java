package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The edges of S. A signature whose S has the upper bits of the order is as rare as a guessed key,
 * so no signature shows what is said of one.
 */
class Ed25519EncodingTest {
  private static final BigInteger L = Ed25519Verification.L;
  private static final int BITS = 256;

  @Test
  void isCanonicalScalar_aroundTheOrder_exactlyWhatIsBelow() {
    for (BigInteger edge : List.of(BigInteger.ZERO, L, L.shiftLeft(1), BigInteger.TWO.pow(BITS))) {
      for (int offset = -3; offset <= 3; offset++) {
        assertJudged(edge.add(BigInteger.valueOf(offset)));
      }
    }
  }

  /** Every bit of the order is turned, alone and with all that are lower. */
  @Test
  void isCanonicalScalar_eachBitOfTheOrderTurned_exactlyWhatIsBelow() {
    for (int bit = 0; bit < BITS; bit++) {
      BigInteger turned = L.flipBit(bit);
      BigInteger lower = BigInteger.TWO.pow(bit).subtract(BigInteger.ONE);

      assertJudged(turned);
      assertJudged(turned.or(lower));
      assertJudged(turned.andNot(lower));
      assertJudged(L.or(lower));
      assertJudged(L.andNot(lower));
    }
  }

  @Test
  void isCanonicalScalar_random_exactlyWhatIsBelow() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      assertJudged(new BigInteger(253, random));
    }
  }

  private static void assertJudged(BigInteger s) {
    if (s.signum() >= 0 && s.bitLength() <= BITS) {
      assertThat(Ed25519Encoding.isCanonicalScalar(behindR(s), 32))
          .as("%x", s)
          .isEqualTo(s.compareTo(L) < 0);
    }
  }

  private static byte[] behindR(BigInteger s) {
    byte[] signature = new byte[Ed25519Encoding.SIGNATURE_BYTES];
    for (int i = 0; i < 32; i++) {
      signature[32 + i] = s.shiftRight(Byte.SIZE * i).byteValue();
    }
    return signature;
  }
}
