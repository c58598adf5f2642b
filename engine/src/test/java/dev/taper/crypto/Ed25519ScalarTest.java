package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scalars against BigInteger, at the limits of limbs, quotients and digits. */
class Ed25519ScalarTest {
  private static final BigInteger L = Ed25519Verification.L;
  private static final int HASH_BITS = 512;

  @Test
  void reduce_anyHash_asBigInteger() {
    for (BigInteger hash : hashes()) {
      assertThat(value(Ed25519Scalar.reduce(little(hash, 64)), 8))
          .as("%s", hash)
          .isEqualTo(hash.mod(L));
    }
  }

  @Test
  void decode_anyScalar_sameNumber() {
    Random random = new Random(3);
    for (BigInteger scalar : scalars()) {
      byte[] bytes = new byte[96];
      random.nextBytes(bytes); // what is around must not matter
      System.arraycopy(little(scalar, 32), 0, bytes, 32, 32);

      assertThat(value(Ed25519Scalar.decode(bytes, 32), 8)).isEqualTo(scalar);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8})
  void digits_anyScalar_smallAndOfTheSameNumber(int width) {
    for (BigInteger scalar : scalars()) {
      Ed25519Scalar decoded = Ed25519Scalar.decode(little(scalar, 32), 0);

      assertThat(value(decoded, width)).as("%s", scalar).isEqualTo(scalar);
      byte[] digits = decoded.digits(width);
      assertThat(digits).hasSize((253 + width - 1) / width);
      for (byte digit : digits) {
        assertThat((int) digit).isBetween(-1 << (width - 1), (1 << (width - 1)) - 1);
      }
    }
  }

  private static BigInteger value(Ed25519Scalar scalar, int width) {
    byte[] digits = scalar.digits(width);
    BigInteger value = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      value = value.shiftLeft(width).add(BigInteger.valueOf(digits[i]));
    }
    return value;
  }

  /** Numbers below L: around powers of two, full of ones, and random. */
  private static List<BigInteger> scalars() {
    Random random = new Random(1);
    List<BigInteger> scalars = new ArrayList<>();
    for (int bit = 0; bit <= 252; bit++) {
      BigInteger power = BigInteger.ONE.shiftLeft(bit);
      scalars.addAll(around(power));
      scalars.addAll(around(L.subtract(power)));
      scalars.addAll(around(L.shiftRight(bit)));
      scalars.add(new BigInteger(252, random));
    }
    scalars.removeIf(scalar -> scalar.signum() < 0 || scalar.compareTo(L) >= 0);
    return scalars;
  }

  /** Numbers below 2^512: around multiples of L, with quotients that are small, full and random. */
  private static List<BigInteger> hashes() {
    Random random = new Random(2);
    List<BigInteger> hashes = new ArrayList<>();
    BigInteger greatest = BigInteger.ONE.shiftLeft(HASH_BITS).divide(L);
    for (int bit = 0; bit < HASH_BITS; bit++) {
      BigInteger power = BigInteger.ONE.shiftLeft(bit);
      hashes.addAll(around(power));
      hashes.addAll(around(power.multiply(L)));
      hashes.addAll(around(greatest.subtract(power).multiply(L)));
      hashes.add(BigInteger.ONE.shiftLeft(HASH_BITS).subtract(power));
      hashes.add(new BigInteger(HASH_BITS, random));
      hashes.addAll(around(new BigInteger(HASH_BITS - 252, random).multiply(L)));
    }
    hashes.addAll(around(greatest.multiply(L)));
    hashes.removeIf(hash -> hash.signum() < 0 || hash.bitLength() > HASH_BITS);
    return hashes;
  }

  private static List<BigInteger> around(BigInteger value) {
    return Arrays.asList(value.subtract(BigInteger.ONE), value, value.add(BigInteger.ONE));
  }

  private static byte[] little(BigInteger value, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = value.shiftRight(Byte.SIZE * i).byteValue();
    }
    return bytes;
  }
}
