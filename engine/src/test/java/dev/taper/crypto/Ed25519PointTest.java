package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Points against the curve's definition, in affine coordinates of BigInteger. */
class Ed25519PointTest {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);

  private record Affine(BigInteger x, BigInteger y) {
    static final Affine NEUTRAL = new Affine(BigInteger.ZERO, BigInteger.ONE);

    Affine plus(Affine other) {
      BigInteger a = x.multiply(other.y);
      BigInteger b = y.multiply(other.x);
      BigInteger product = D.multiply(a).multiply(b).mod(P);
      BigInteger sumX = a.add(b).multiply(BigInteger.ONE.add(product).modInverse(P));
      BigInteger sumY =
          y.multiply(other.y)
              .add(x.multiply(other.x))
              .multiply(BigInteger.ONE.subtract(product).modInverse(P));
      return new Affine(sumX.mod(P), sumY.mod(P));
    }

    Affine negated() {
      return new Affine(x.negate().mod(P), y);
    }

    byte[] encode() {
      return little(x.testBit(0) ? y.setBit(255) : y);
    }

    Ed25519Point point() {
      return Objects.requireNonNull(Ed25519Point.decode(encode(), 0));
    }
  }

  @Test
  void add_everyPair_asAffine() {
    for (Affine a : samples()) {
      for (Affine b : samples()) {
        Ed25519Point.Addend addend = b.point().oddMultiples(1)[0];
        Ed25519Point sum = a.point();
        Ed25519Point difference = a.point();

        sum.add(addend, 0, true);
        difference.add(addend, -1, true);

        assertThat(sum.encode()).isEqualTo(a.plus(b).encode());
        assertThat(difference.encode()).isEqualTo(a.plus(b.negated()).encode());
        assertThat(sum.isNeutral()).isEqualTo(a.plus(b).equals(Affine.NEUTRAL));
        // T is right too: the result can be added to.
        sum.add(addend, -1, false);
        assertThat(sum.encode()).isEqualTo(a.encode());
      }
    }
  }

  @Test
  void twice_everyPoint_asAffine() {
    for (Affine a : samples()) {
      Ed25519Point point = a.point();
      point.twice(false);
      point.twice(true);
      point.add(a.point().oddMultiples(1)[0], 0, false);

      Affine twice = a.plus(a);
      assertThat(point.encode()).isEqualTo(twice.plus(twice).plus(a).encode());
    }
  }

  @Test
  void oddMultiples_everyPoint_asAffine() {
    for (Affine a : samples()) {
      assertMultiples(a.point().oddMultiples(8), a);
      assertMultiples(a.point().normalizedOddMultiples(8), a);
    }
  }

  private static void assertMultiples(Ed25519Point.Addend[] multiples, Affine a) {
    Affine expected = a;
    for (Ed25519Point.Addend multiple : multiples) {
      Ed25519Point point = a.point();
      point.add(multiple, 0, true);
      assertThat(point.encode()).isEqualTo(a.plus(expected).encode());
      point.add(multiple, -1, true);
      assertThat(point.encode()).isEqualTo(a.encode());
      point.add(multiple, -1, true);
      assertThat(point.encode()).isEqualTo(a.plus(expected.negated()).encode());
      expected = expected.plus(a).plus(a);
    }
  }

  @Test
  void negate_everyPoint_sumIsNeutral() {
    for (Affine a : samples()) {
      Ed25519Point point = a.point();
      point.negate();

      assertThat(point.encode()).isEqualTo(a.negated().encode());
      point.add(a.point().oddMultiples(1)[0], 0, true);
      assertThat(point.isNeutral()).isTrue();
    }
  }

  @Test
  void normalize_anyPoints_samePointsToGoOnWith() {
    List<Affine> affine = samples();
    Ed25519Point[] points = new Ed25519Point[affine.size()];
    for (int i = 0; i < points.length; i++) {
      points[i] = affine.get(i).point();
      points[i].twice(true);
    }

    Ed25519Point.normalize(points, points.length);

    for (int i = 0; i < points.length; i++) {
      Affine twice = affine.get(i).plus(affine.get(i));
      assertThat(points[i].encodeNormalized()).isEqualTo(twice.encode());
      points[i].add(affine.get(i).point().oddMultiples(1)[0], 0, true);
      assertThat(points[i].encode()).isEqualTo(twice.plus(affine.get(i)).encode());
    }
  }

  @Test
  void isNeutral_pointOfOrderTwo_no() {
    assertThat(new Affine(BigInteger.ZERO, P.subtract(BigInteger.ONE)).point().isNeutral())
        .isFalse();
  }

  @Test
  void decode_randomY_aPointExactlyIfThereIsOne() {
    Random random = new Random(4);
    int points = 0;
    for (int i = 0; i < 1000; i++) {
      BigInteger y = new BigInteger(255, random).mod(P);
      BigInteger ySquare = y.multiply(y);
      BigInteger xSquare =
          ySquare
              .subtract(BigInteger.ONE)
              .multiply(D.multiply(ySquare).add(BigInteger.ONE).modInverse(P))
              .mod(P);
      boolean square = xSquare.modPow(P.shiftRight(1), P).equals(BigInteger.ONE);
      byte[] encoded = little(random.nextBoolean() ? y.setBit(255) : y);

      Ed25519Point point = Ed25519Point.decode(encoded, 0);

      assertThat(point != null).isEqualTo(square);
      if (point != null) {
        points++;
        assertThat(point.encode()).isEqualTo(encoded);
      }
    }
    assertThat(points).isBetween(400, 600);
  }

  /** The eight points of small order, multiples of the base point, and sums of both. */
  private static List<Affine> samples() {
    Affine torsion = affine("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    Affine base = affine("58" + "66".repeat(31));
    List<Affine> samples = new ArrayList<>();
    Affine small = Affine.NEUTRAL;
    Affine large = base;
    for (int i = 0; i < 8; i++) {
      samples.add(small);
      samples.add(large);
      samples.add(small.plus(large));
      small = small.plus(torsion);
      large = large.plus(large).plus(base);
    }
    assertThat(small).isEqualTo(Affine.NEUTRAL);
    return samples;
  }

  /** Reads an encoding by another way than the code under test: x by (p+3)/8, RFC 8032, 5.1.3. */
  private static Affine affine(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    BigInteger y = BigInteger.ZERO;
    for (int i = 0; i < bytes.length; i++) {
      y = y.or(BigInteger.valueOf(bytes[i] & 0xff).shiftLeft(8 * i));
    }
    boolean odd = y.testBit(255);
    y = y.clearBit(255);
    BigInteger u = y.multiply(y).subtract(BigInteger.ONE);
    BigInteger v = D.multiply(y).multiply(y).add(BigInteger.ONE);
    BigInteger square = u.multiply(v.modInverse(P)).mod(P);
    BigInteger x = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!x.multiply(x).mod(P).equals(square)) {
      x = x.multiply(BigInteger.TWO.modPow(P.shiftRight(2), P)).mod(P);
    }
    assertThat(x.multiply(x).mod(P)).isEqualTo(square);
    return new Affine(x.testBit(0) == odd ? x : P.subtract(x), y);
  }

  private static byte[] little(BigInteger value) {
    byte[] bytes = new byte[Ed25519Field.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.shiftRight(Byte.SIZE * i).byteValue();
    }
    return bytes;
  }
}
