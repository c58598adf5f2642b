package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The equation for challenges that no hash is likely to give, over points of any order. */
class Ed25519VerificationTest {
  private static final BigInteger L = Ed25519Verification.L;

  @Test
  void holds_edgeChallenges_exactlyIfTheEquationDoes() {
    Random random = new Random(6);
    Ed25519Point torsion =
        Objects.requireNonNull(
            Ed25519Point.decode(
                HexFormat.of()
                    .parseHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
                0));
    List<BigInteger> challenges = Ed25519HalfScalarTest.edges();
    for (int n = 0; n < challenges.size(); n += 16) {
      BigInteger k = challenges.get(n);
      BigInteger s = new BigInteger(252, random);
      int order = random.nextInt(8);
      Ed25519Point key =
          sum(
              times(new BigInteger(252, random), Ed25519Point.base()),
              times(BigInteger.valueOf(order), torsion));
      Ed25519Point minusKey = key.copy();
      minusKey.negate();
      Ed25519Point r = sum(times(s, Ed25519Point.base()), times(k, minusKey));
      Ed25519Verification verification =
          Objects.requireNonNull(Ed25519Verification.of(key.encode()));

      assertThat(verification.holds(s, k, r.copy())).as("%s", k).isTrue();
      // Wrong by a point of any order that there is, or by one in S or k.
      int off = 1 + random.nextInt(7);
      assertThat(verification.holds(s, k, sum(r, times(BigInteger.valueOf(off), torsion))))
          .as("%s", k)
          .isFalse();
      assertThat(verification.holds(s.add(BigInteger.ONE).mod(L), k, r.copy())).isFalse();
      assertThat(verification.holds(s, k.add(BigInteger.ONE).mod(L), r.copy())).isFalse();
    }
  }

  /** Double and add, by the book. */
  static Ed25519Point times(BigInteger factor, Ed25519Point point) {
    Ed25519Point.Addend addend = point.copy().oddMultiples(1)[0];
    Ed25519Point product = Ed25519Point.neutral();
    for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
      product.twice(true);
      if (factor.testBit(bit)) {
        product.add(addend, 0, true);
      }
    }
    return product;
  }

  static Ed25519Point sum(Ed25519Point a, Ed25519Point b) {
    Ed25519Point sum = a.copy();
    sum.add(b.copy().oddMultiples(1)[0], 0, true);
    return sum;
  }
}
