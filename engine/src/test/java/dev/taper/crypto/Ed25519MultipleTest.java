package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Multiples against doubling and adding, bit by bit; a signer may choose any scalar. */
class Ed25519MultipleTest {
  private static final Ed25519Point BASE = base();

  private static Ed25519Point base() {
    byte[] encoded = new byte[32];
    Arrays.fill(encoded, (byte) 0x66);
    encoded[0] = 0x58;
    return Objects.requireNonNull(Ed25519Point.decode(encoded, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 64})
  void sum_longRunsOfZerosAndOnes_asBitByBit(int odd) {
    Ed25519Point.Addend[] multiples = BASE.copy().oddMultiples(odd);
    for (BigInteger scalar : scalars()) {
      Ed25519Point sum = Ed25519Multiple.sum(Ed25519Multiple.of(scalar, multiples));
      assertThat(sum.encode()).as(scalar.toString(16)).isEqualTo(bitByBit(scalar).encode());
    }
  }

  @Test
  void sum_severalMultiples_shareTheirDoublings() {
    Ed25519Point.Addend[] few = BASE.copy().oddMultiples(2);
    Ed25519Point.Addend[] many = BASE.copy().oddMultiples(64);
    List<BigInteger> scalars = scalars();
    for (int i = 0; i < scalars.size(); i++) {
      BigInteger one = scalars.get(i);
      BigInteger other = scalars.get((i * 7 + 3) % scalars.size());
      Ed25519Point sum =
          Ed25519Multiple.sum(Ed25519Multiple.of(one, few), Ed25519Multiple.of(other, many));
      assertThat(sum.encode()).isEqualTo(bitByBit(one.add(other)).encode());
    }
  }

  private static List<BigInteger> scalars() {
    List<BigInteger> scalars = new ArrayList<>(List.of(BigInteger.ZERO, BigInteger.TEN));
    Random random = new Random(1);
    for (int bit = 0; bit < 253; bit += 1 + bit % 5) {
      BigInteger power = BigInteger.ONE.shiftLeft(bit);
      scalars.add(power);
      scalars.add(power.subtract(BigInteger.ONE));
      scalars.add(power.or(new BigInteger(8, random)));
      scalars.add(power.or(BigInteger.TWO.shiftLeft(bit / 3)));
      scalars.add(power.subtract(BigInteger.ONE.shiftLeft(bit / 2)));
      scalars.add(new BigInteger(253, random));
    }
    return scalars;
  }

  private static Ed25519Point bitByBit(BigInteger scalar) {
    Ed25519Point.Addend addend = BASE.copy().oddMultiples(1)[0];
    Ed25519Point sum = Ed25519Point.neutral();
    for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
      sum.twice(true);
      if (scalar.testBit(bit)) {
        sum.add(addend, 0, true);
      }
    }
    return sum;
  }
}
