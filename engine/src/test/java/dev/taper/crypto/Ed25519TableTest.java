package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Multiples by tables against double and add, for points of any order. */
class Ed25519TableTest {
  private static final BigInteger L = Ed25519Verification.L;

  @ParameterizedTest
  @CsvSource({"4, 1", "5, 1", "5, 2", "5, 3", "6, 2", "6, 43", "7, 2", "8, 1"})
  void addMultiple_anyPoint_asDoubleAndAdd(int width, int step) {
    for (Ed25519Point point : points()) {
      Ed25519Table table = Ed25519Table.of(point, width, step);
      for (BigInteger scalar : scalars(width)) {
        Ed25519Point sum = Ed25519Point.neutral();

        table.addMultiple(decode(scalar), sum);

        assertThat(sum.encode())
            .as("%s times %s", scalar, HexFormat.of().formatHex(point.encode()))
            .isEqualTo(Ed25519VerificationTest.times(scalar, point).encode());
      }
    }
  }

  @Test
  void addMultiple_toASum_isAdded() {
    Ed25519Point sum = Ed25519Point.base();
    BigInteger scalar = new BigInteger(252, new Random(4));

    Ed25519Table.of(Ed25519Point.base(), 8, 1).addMultiple(decode(scalar), sum);

    BigInteger more = scalar.add(BigInteger.ONE);
    assertThat(sum.encode())
        .isEqualTo(Ed25519VerificationTest.times(more, Ed25519Point.base()).encode());
    // T is right too: the result can be added to.
    assertThat(Ed25519VerificationTest.sum(sum, Ed25519Point.base()).encode())
        .isEqualTo(
            Ed25519VerificationTest.times(more.add(BigInteger.ONE), Ed25519Point.base()).encode());
  }

  @Test
  void bytes_anyTable_asMuchAsItHas() {
    assertThat(Ed25519Table.bytes(8, 1)).isEqualTo(32 * 128 * 15 * 8);
    assertThat(Ed25519Table.bytes(6, 2)).isEqualTo(22 * 32 * 15 * 8);
    assertThat(Ed25519Table.of(Ed25519Point.base(), 6, 2).bytes())
        .isEqualTo(Ed25519Table.bytes(6, 2));
  }

  private static Ed25519Scalar decode(BigInteger scalar) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = scalar.shiftRight(Byte.SIZE * i).byteValue();
    }
    return Ed25519Scalar.decode(bytes, 0);
  }

  /** Digits that are 0, the greatest, the least, all of one kind; and random ones. */
  private static List<BigInteger> scalars(int width) {
    Random random = new Random(5);
    List<BigInteger> scalars = new ArrayList<>();
    BigInteger ones = BigInteger.ZERO;
    for (int bit = 0; bit < 246; bit += width) {
      ones = ones.setBit(bit);
      scalars.add(BigInteger.ONE.shiftLeft(bit + random.nextInt(width)));
    }
    for (int digit = 0; digit < 1 << width; digit += 1 + random.nextInt(1 << (width - 3))) {
      scalars.add(ones.multiply(BigInteger.valueOf(digit)));
    }
    scalars.add(ones.multiply(BigInteger.valueOf((1L << (width - 1)) - 1)));
    scalars.add(ones.multiply(BigInteger.valueOf(1L << (width - 1))));
    scalars.add(BigInteger.ONE.shiftLeft(252));
    scalars.add(L.subtract(BigInteger.ONE));
    scalars.add(new BigInteger(252, random));
    return scalars;
  }

  /** The base point, a point of order 8, and one of mixed order. */
  private static List<Ed25519Point> points() {
    Ed25519Point torsion =
        Objects.requireNonNull(
            Ed25519Point.decode(
                HexFormat.of()
                    .parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
                0));
    return List.of(
        Ed25519Point.base(), torsion, Ed25519VerificationTest.sum(Ed25519Point.base(), torsion));
  }
}
