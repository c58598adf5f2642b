package dev.taper.crypto;

import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.jspecify.annotations.Nullable;

/**
 * A point of the curve edwards25519 for computing with public values only: the running time depends
 * on them. Mutable, for one thread.
 *
 * <p>Extended coordinates x = X/Z, y = Y/Z, xy = T/Z with the formulas of RFC 8032, 5.1.4 (Hisil,
 * Wong, Carter, Dawson 2008). They are complete: no pair of points is an exception. Field elements
 * are Bouncy Castle's; a sum of more than two products is carried before it is multiplied again.
 */
final class Ed25519Point {
  private static final int[] ONE = X25519Field.create();
  private static final int[] D = X25519Field.create();
  private static final int[] TWO_D = X25519Field.create();

  static {
    X25519Field.one(ONE);
    // d = -121665/121666
    int[] numerator = X25519Field.create();
    int[] denominator = X25519Field.create();
    X25519Field.mul(ONE, 121665, numerator);
    X25519Field.mul(ONE, 121666, denominator);
    X25519Field.inv(denominator, denominator);
    X25519Field.mul(numerator, denominator, D);
    X25519Field.negate(D, D);
    X25519Field.add(D, D, TWO_D);
    X25519Field.carry(TWO_D);
  }

  private final int[] x = X25519Field.create();
  private final int[] y = X25519Field.create();
  private final int[] z = X25519Field.create();
  private final int[] t = X25519Field.create();

  private final int[] a = X25519Field.create();
  private final int[] b = X25519Field.create();
  private final int[] c = X25519Field.create();
  private final int[] e = X25519Field.create();
  private final int[] f = X25519Field.create();
  private final int[] g = X25519Field.create();
  private final int[] h = X25519Field.create();

  /** A point prepared for being added: Y-X, Y+X, 2Z and 2dT. Immutable. */
  static final class Addend {
    private final int[] minus = X25519Field.create();
    private final int[] plus = X25519Field.create();
    private final int[] z2 = X25519Field.create();
    private final int[] td2 = X25519Field.create();

    private Addend(Ed25519Point p) {
      X25519Field.apm(p.y, p.x, plus, minus);
      X25519Field.carry(plus);
      X25519Field.carry(minus);
      X25519Field.add(p.z, p.z, z2);
      X25519Field.carry(z2);
      X25519Field.mul(p.t, TWO_D, td2);
    }
  }

  /** The neutral point. */
  static Ed25519Point neutral() {
    Ed25519Point p = new Ed25519Point();
    X25519Field.one(p.y);
    X25519Field.one(p.z);
    return p;
  }

  /** The base point, by its encoding: y = 4/5, x even. */
  static Ed25519Point base() {
    byte[] encoded = new byte[32];
    Arrays.fill(encoded, (byte) 0x66);
    encoded[0] = 0x58;
    return Objects.requireNonNull(decode(encoded));
  }

  Ed25519Point copy() {
    Ed25519Point p = new Ed25519Point();
    X25519Field.copy(x, 0, p.x, 0);
    X25519Field.copy(y, 0, p.y, 0);
    X25519Field.copy(z, 0, p.z, 0);
    X25519Field.copy(t, 0, p.t, 0);
    return p;
  }

  /** The point of a canonical encoding, or null if there is none with this y. */
  static @Nullable Ed25519Point decode(byte[] encoded) {
    Ed25519Point p = new Ed25519Point();
    X25519Field.decode255(encoded, p.y);
    // x^2 = (y^2 - 1) / (d y^2 + 1)
    X25519Field.sqr(p.y, p.a);
    X25519Field.mul(p.a, D, p.b);
    X25519Field.sub(p.a, ONE, p.a);
    X25519Field.add(p.b, ONE, p.b);
    X25519Field.carry(p.a);
    X25519Field.carry(p.b);
    if (!X25519Field.sqrtRatioVar(p.a, p.b, p.x)) {
      return null;
    }
    X25519Field.normalize(p.x);
    int sign = encoded[31] >>> 7 & 1;
    if ((p.x[0] & 1) != sign) {
      X25519Field.negate(p.x, p.x);
      X25519Field.carry(p.x);
    }
    X25519Field.one(p.z);
    X25519Field.mul(p.x, p.y, p.t);
    return p;
  }

  /** The 32 bytes of the canonical encoding. */
  byte[] encode() {
    byte[] encoded = new byte[32];
    X25519Field.invVar(z, a);
    X25519Field.mul(x, a, b);
    X25519Field.mul(y, a, c);
    X25519Field.normalize(b);
    X25519Field.normalize(c);
    X25519Field.encode(c, encoded);
    encoded[31] |= (byte) ((b[0] & 1) << 7);
    return encoded;
  }

  void negate() {
    X25519Field.negate(x, x);
    X25519Field.negate(t, t);
    X25519Field.carry(x);
    X25519Field.carry(t);
  }

  /** The odd multiples P, 3P, 5P, … of this point, which it changes. */
  Addend[] oddMultiples(int count) {
    Addend[] multiples = new Addend[count];
    multiples[0] = new Addend(this);
    Ed25519Point twice = neutral();
    twice.add(multiples[0]);
    twice.twice(true);
    Addend step = new Addend(twice);
    for (int i = 1; i < count; i++) {
      add(step);
      multiples[i] = new Addend(this);
    }
    return multiples;
  }

  /**
   * Doubles this point.
   *
   * @param withT whether T is computed, which an addition needs and another doubling does not
   */
  void twice(boolean withT) {
    X25519Field.add(x, y, e);
    X25519Field.sqr(x, a);
    X25519Field.sqr(y, b);
    X25519Field.sqr(z, c);
    X25519Field.add(c, c, c);
    X25519Field.apm(a, b, h, g);
    X25519Field.sqr(e, e);
    X25519Field.sub(h, e, e);
    X25519Field.carry(e);
    X25519Field.add(c, g, f);
    X25519Field.carry(f);
    X25519Field.mul(e, f, x);
    X25519Field.mul(g, h, y);
    X25519Field.mul(f, g, z);
    if (withT) {
      X25519Field.mul(e, h, t);
    }
  }

  /** Adds a point. */
  void add(Addend other) {
    combine(other, other.minus, other.plus, f, g);
  }

  /** Subtracts a point: adds (-x, y), for which sums and differences change places. */
  void subtract(Addend other) {
    combine(other, other.plus, other.minus, g, f);
  }

  private void combine(Addend other, int[] factorA, int[] factorB, int[] low, int[] high) {
    X25519Field.apm(y, x, b, a);
    X25519Field.mul(a, factorA, a);
    X25519Field.mul(b, factorB, b);
    X25519Field.mul(t, other.td2, c);
    X25519Field.mul(z, other.z2, h);
    X25519Field.apm(h, c, high, low);
    X25519Field.apm(b, a, h, e);
    X25519Field.mul(e, f, x);
    X25519Field.mul(g, h, y);
    X25519Field.mul(f, g, z);
    X25519Field.mul(e, h, t);
  }
}
