package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Inverses against BigInteger: numbers that take few steps, many, and all limbs. */
class Ed25519InverseTest {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  @Test
  void of_anyNumber_asBigInteger() {
    for (BigInteger number : numbers()) {
      BigInteger inverse = inverse(number);

      assertThat(inverse.bitLength()).as("%s", number).isLessThanOrEqualTo(255);
      assertThat(inverse.multiply(number).mod(P)).as("%s", number).isEqualTo(BigInteger.ONE);
    }
  }

  @Test
  void of_zero_zero() {
    assertThat(inverse(BigInteger.ZERO).mod(P)).isZero();
  }

  private static BigInteger inverse(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number.shiftRight(Byte.SIZE * i).byteValue();
    }
    byte[] inverse = Ed25519Inverse.of(bytes);
    BigInteger value = BigInteger.ZERO;
    for (int i = inverse.length - 1; i >= 0; i--) {
      value = value.shiftLeft(Byte.SIZE).add(BigInteger.valueOf(inverse[i] & 0xff));
    }
    return value;
  }

  private static List<BigInteger> numbers() {
    Random random = new Random(1);
    List<BigInteger> numbers = new ArrayList<>();
    for (int bit = 0; bit < 255; bit++) {
      BigInteger power = BigInteger.ONE.shiftLeft(bit);
      for (int offset = -2; offset <= 2; offset++) {
        numbers.add(power.add(BigInteger.valueOf(offset)));
        numbers.add(P.subtract(power).add(BigInteger.valueOf(offset)));
        numbers.add(P.shiftRight(bit).add(BigInteger.valueOf(offset)));
        numbers.add(P.divide(BigInteger.valueOf(3L * bit + 3)).add(BigInteger.valueOf(offset)));
      }
      numbers.add(new BigInteger(bit + 1, random));
      numbers.add(power.modInverse(P));
    }
    for (int i = 0; i < 5_000; i++) {
      numbers.add(new BigInteger(255, random));
    }
    // Only quotients of 1, as many as there can be, for Euclid's algorithm.
    numbers.add(
        P.multiply(new BigInteger("6180339887498948482045868343656381177"))
            .divide(BigInteger.TEN.pow(37)));
    numbers.removeIf(number -> number.signum() <= 0 || number.compareTo(P) >= 0);
    return numbers;
  }
}
