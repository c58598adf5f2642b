package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The field against BigInteger. The operands reach the limits that its Javadoc states: sums of
 * three values, positive and negative, with limbs that are empty, full or random.
 */
class Ed25519FieldTest {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final int BITS = 255;
  private static final int RADIX = 51;

  /** An element and its value, not reduced. */
  private record Sample(Ed25519Field element, BigInteger value) {
    static Sample of(BigInteger value) {
      return new Sample(Ed25519Field.decode(little(value), 0), value);
    }

    Sample plus(Sample other) {
      Ed25519Field sum = new Ed25519Field();
      sum.add(element, other.element);
      return new Sample(sum, value.add(other.value));
    }

    Sample minus(Sample other) {
      Ed25519Field difference = new Ed25519Field();
      difference.subtract(element, other.element);
      return new Sample(difference, value.subtract(other.value));
    }

    Sample negated() {
      Ed25519Field negative = Ed25519Field.copy(element);
      negative.negate();
      return new Sample(negative, value.negate());
    }
  }

  @Test
  void encode_anySum_inRange() {
    for (Sample sample : samples()) {
      assertIs(sample.element(), sample.value());
    }
  }

  @Test
  void encode_aroundThePrime_reduced() {
    for (int offset = -3; offset < 19; offset++) {
      BigInteger value = P.add(BigInteger.valueOf(offset));

      assertIs(Sample.of(value).element(), value);
    }
  }

  @Test
  void negateIf_eitherSign_asStated() {
    for (Sample sample : samples()) {
      Ed25519Field element = Ed25519Field.copy(sample.element());

      element.negateIf(0);
      assertIs(element, sample.value());
      element.negateIf(-1);
      assertIs(element, sample.value().negate());
    }
  }

  @Test
  void multiply_largestSums_asBigInteger() {
    List<Sample> samples = samples();
    for (Sample a : samples) {
      for (Sample b : samples) {
        Ed25519Field product = new Ed25519Field();
        product.multiply(a.element(), b.element());

        assertIs(product, a.value().multiply(b.value()));
      }
    }
  }

  @Test
  void multiply_sumsOfProducts_asBigInteger() {
    List<Sample> samples = samples();
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      Sample a = product(samples, random).plus(product(samples, random));
      Sample b = product(samples, random).minus(product(samples, random));
      a = a.plus(product(samples, random));
      b = b.minus(product(samples, random));
      Ed25519Field product = new Ed25519Field();
      product.multiply(a.element(), b.element());

      assertIs(product, a.value().multiply(b.value()));
    }
  }

  private static Sample product(List<Sample> samples, Random random) {
    Sample a = samples.get(random.nextInt(samples.size()));
    Sample b = samples.get(random.nextInt(samples.size()));
    Ed25519Field product = new Ed25519Field();
    product.multiply(a.element(), b.element());
    return new Sample(product, a.value().multiply(b.value()));
  }

  @Test
  void square_largestSums_asBigInteger() {
    for (Sample a : samples()) {
      Ed25519Field square = new Ed25519Field();
      square.square(a.element());

      assertIs(square, a.value().pow(2));
    }
  }

  @Test
  void multiply_resultIsAnOperand_sameResult() {
    for (Sample a : samples()) {
      Ed25519Field changed = Ed25519Field.copy(a.element());
      changed.multiply(changed, changed);

      assertIs(changed, a.value().pow(2));
    }
  }

  @Test
  void invert_anyValue_asBigInteger() {
    for (Sample a : samples()) {
      Ed25519Field inverse = new Ed25519Field();
      inverse.invert(a.element());

      assertIs(inverse, a.value().modPow(P.subtract(BigInteger.TWO), P));
    }
  }

  @Test
  void power_anyValue_asBigInteger() {
    BigInteger exponent = P.subtract(BigInteger.valueOf(5)).shiftRight(3);
    for (Sample a : samples()) {
      Ed25519Field power = new Ed25519Field();
      power.power(a.element());

      assertIs(power, a.value().modPow(exponent, P));
    }
  }

  @Test
  void isZero_multiplesOfThePrime_onlyThose() {
    Sample p = Sample.of(P);
    assertThat(p.element().isZero()).isTrue();
    assertThat(p.plus(p).negated().element().isZero()).isTrue();
    assertThat(p.minus(Sample.of(BigInteger.ONE)).element().isZero()).isFalse();
    assertThat(p.minus(Sample.of(BigInteger.ONE.shiftLeft(254))).element().isZero()).isFalse();
  }

  @Test
  void isOdd_anySum_ofTheReducedValue() {
    for (Sample a : samples()) {
      assertThat(a.element().isOdd()).isEqualTo(a.value().mod(P).testBit(0));
    }
  }

  /** Values below 2^255 whose limbs are edges, their threefold, and that negated. */
  private static List<Sample> samples() {
    Random random = new Random(1);
    List<Sample> singles = new ArrayList<>();
    for (int full = 0; full < 32; full++) {
      singles.add(Sample.of(limbs(full, 0, random)));
      singles.add(Sample.of(limbs(full, 31 - full, random)));
    }
    for (long small : new long[] {1, 2, 18, 19, 20}) {
      singles.add(Sample.of(P.subtract(BigInteger.valueOf(small))));
      singles.add(Sample.of(BigInteger.valueOf(small)));
    }
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < singles.size(); i++) {
      Sample a = singles.get(i);
      Sample other = singles.get(random.nextInt(singles.size()));
      samples.add(a);
      samples.add(a.plus(a).plus(a));
      samples.add(a.plus(a).plus(a).negated());
      samples.add(a.minus(other).minus(other));
    }
    return samples;
  }

  /** Limbs full of ones, of random bits, or empty. */
  private static BigInteger limbs(int full, int filled, Random random) {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < 5; i++) {
      BigInteger limb = BigInteger.ZERO;
      if ((full >> i & 1) != 0) {
        limb = BigInteger.ONE.shiftLeft(RADIX).subtract(BigInteger.ONE);
      } else if ((filled >> i & 1) != 0) {
        limb = new BigInteger(RADIX, random);
      }
      value = value.add(limb.shiftLeft(RADIX * i));
    }
    return value;
  }

  private static void assertIs(Ed25519Field element, BigInteger value) {
    assertThat(element.encode()).isEqualTo(little(value.mod(P)));
  }

  private static byte[] little(BigInteger value) {
    assertThat(value.bitLength()).isLessThanOrEqualTo(BITS);
    byte[] bytes = new byte[Ed25519Field.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.shiftRight(Byte.SIZE * i).byteValue();
    }
    return bytes;
  }
}
