package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Ed25519HalfScalarTest {
  private static final BigInteger L = Ed25519Verification.L;
  private static final BigInteger ORDER = L.shiftLeft(3);

  @Test
  void of_edgesAndNeighbours_standForTheScalar() {
    for (BigInteger k : edges()) {
      assertStandsFor(k);
    }
  }

  @Test
  void of_randomScalars_ofHalfTheSize() {
    Random random = new Random(1);
    int longest = 0;
    for (int i = 0; i < 20_000; i++) {
      Ed25519HalfScalar half = assertStandsFor(new BigInteger(252, random));
      longest = Math.max(longest, half.u().bitLength());
    }
    assertThat(longest).isBetween(128, 150);
  }

  /** Remainders that end in nothing after any number of quotients, and their neighbours. */
  @Test
  void of_fractionsOfTheOrder_standForTheScalar() {
    Random random = new Random(2);
    for (int i = 0; i < 4_000; i++) {
      BigInteger divisor = new BigInteger(8 + random.nextInt(100), random).setBit(7);
      BigInteger part = new BigInteger(divisor.bitLength() - 4, random);
      BigInteger fraction = ORDER.multiply(part).divide(divisor);
      for (int offset = 0; offset <= 1; offset++) {
        assertStandsFor(fraction.add(BigInteger.valueOf(offset)));
      }
    }
  }

  private static Ed25519HalfScalar assertStandsFor(BigInteger k) {
    Ed25519HalfScalar half = Ed25519HalfScalar.of(k);

    assertThat(half.u()).as("u of %s", k).isBetween(BigInteger.ZERO, L);
    assertThat(half.v().testBit(0)).as("v of %s is odd", k).isTrue();
    assertThat(half.v().bitLength()).as("v of %s", k).isLessThanOrEqualTo(128);
    assertThat(half.v().multiply(k).subtract(half.u()).mod(ORDER)).as("%s", k).isZero();
    return half;
  }

  /**
   * Scalars below L where Euclid's algorithm is at an end of its range: few steps, many steps,
   * quotients of one word and of many, remainders about where it stops.
   */
  static List<BigInteger> edges() {
    List<BigInteger> edges = new ArrayList<>();
    for (int i = 0; i < 252; i++) {
      edges.add(BigInteger.ONE.shiftLeft(i));
    }
    for (int divisor = 9; divisor < 200; divisor++) {
      edges.add(ORDER.divide(BigInteger.valueOf(divisor)));
    }
    for (int i = 4; i < 252; i++) {
      edges.add(ORDER.shiftRight(i));
      edges.add(ORDER.divide(BigInteger.ONE.shiftLeft(i).subtract(BigInteger.ONE)));
    }
    // The golden ratio: only quotients of 1, as many as there can be.
    BigInteger golden = ORDER.multiply(new BigInteger("6180339887498948482045868343656381177"));
    edges.add(golden.divide(BigInteger.TEN.pow(38)));
    for (BigInteger edge : List.copyOf(edges)) {
      for (int offset = -2; offset <= 2; offset++) {
        edges.add(edge.add(BigInteger.valueOf(offset)));
      }
    }
    for (int i = 1; i < 4; i++) {
      edges.add(L.subtract(BigInteger.valueOf(i)));
    }
    edges.removeIf(edge -> edge.signum() < 0 || edge.compareTo(L) >= 0);
    return edges;
  }
}
