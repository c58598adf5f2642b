package dev.taper.crypto;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A point of the curve edwards25519 for computing with public values only: the running time depends
 * on them. Mutable, for one thread.
 *
 * <p>Extended coordinates x = X/Z, y = Y/Z, xy = T/Z with the formulas of RFC 8032, 5.1.4 (Hisil,
 * Wong, Carter, Dawson 2008). They are complete: no pair of points is an exception. What is
 * multiplied is a product or the sum of at most three, as {@link Ed25519Field} demands.
 */
final class Ed25519Point {
  private static final Ed25519Field ONE = Ed25519Field.of(1);
  // d = -121665/121666
  private static final Ed25519Field D = new Ed25519Field();
  private static final Ed25519Field TWO_D = new Ed25519Field();
  // A root of -1: 2^((p-1)/4)
  private static final Ed25519Field ROOT = new Ed25519Field();

  static {
    D.invert(Ed25519Field.of(121666));
    D.multiply(D, Ed25519Field.of(-121665));
    TWO_D.add(D, D);
    // (p-1)/4 = 2 (p-5)/8 + 1
    Ed25519Field two = Ed25519Field.of(2);
    ROOT.power(two);
    ROOT.square(ROOT);
    ROOT.multiply(ROOT, two);
  }

  private final Ed25519Field x = new Ed25519Field();
  private final Ed25519Field y = new Ed25519Field();
  private final Ed25519Field z = new Ed25519Field();
  private final Ed25519Field t = new Ed25519Field();

  private final Ed25519Field a = new Ed25519Field();
  private final Ed25519Field b = new Ed25519Field();
  private final Ed25519Field c = new Ed25519Field();
  private final Ed25519Field e = new Ed25519Field();
  private final Ed25519Field f = new Ed25519Field();
  private final Ed25519Field g = new Ed25519Field();
  private final Ed25519Field h = new Ed25519Field();

  /** A point prepared for being added: Y-X and Y+X, 2Z and 2dT. Immutable. */
  static final class Addend {
    // By the sign of what is added, so that none is branched on: Y-X, Y+X.
    private final Ed25519Field[] factors = {new Ed25519Field(), new Ed25519Field()};
    private final Ed25519Field z2 = new Ed25519Field();
    private final Ed25519Field td2 = new Ed25519Field();
    private final boolean normalized;

    private Addend(Ed25519Point p, boolean normalized) {
      factors[0].subtract(p.y, p.x);
      factors[1].add(p.y, p.x);
      z2.add(p.z, p.z);
      td2.multiply(p.t, TWO_D);
      this.normalized = normalized;
    }
  }

  /** The neutral point. */
  static Ed25519Point neutral() {
    Ed25519Point p = new Ed25519Point();
    p.y.set(ONE);
    p.z.set(ONE);
    return p;
  }

  /** The base point, by its encoding: y = 4/5, x even. */
  static Ed25519Point base() {
    byte[] encoded = new byte[Ed25519Field.BYTES];
    Arrays.fill(encoded, (byte) 0x66);
    encoded[0] = 0x58;
    return Objects.requireNonNull(decode(encoded, 0));
  }

  Ed25519Point copy() {
    Ed25519Point p = new Ed25519Point();
    p.x.set(x);
    p.y.set(y);
    p.z.set(z);
    p.t.set(t);
    return p;
  }

  /** Decodes a canonical encoding; null if no point has this y. */
  static @Nullable Ed25519Point decode(byte[] encoded, int at) {
    Ed25519Point p = new Ed25519Point();
    p.y.set(Ed25519Field.decode(encoded, at));
    if (!p.solve()) {
      return null;
    }
    boolean odd = encoded[at + Ed25519Field.BYTES - 1] < 0;
    if (p.x.isOdd() != odd) {
      p.x.negate();
    }
    p.z.set(ONE);
    p.t.multiply(p.x, p.y);
    return p;
  }

  /**
   * Finds x for y by x^2 = u/v, u = y^2 - 1, v = d y^2 + 1 (RFC 8032, 5.1.3): x = u (u v)^((p-5)/8)
   * is a root of u/v or of -u/v, if one of them has a root, because v x^2 = u (u v)^((p-1)/4). So v
   * needs none of the higher powers that the RFC's formula has.
   */
  private boolean solve() {
    Ed25519Field u = a;
    Ed25519Field v = b;
    u.square(y);
    v.multiply(u, D);
    u.subtract(u, ONE);
    v.add(v, ONE);
    c.multiply(u, v);
    f.power(c);
    x.multiply(u, f);

    g.square(x);
    g.multiply(g, v); // u or -u
    h.subtract(g, u);
    if (h.isZero()) {
      return true;
    }
    h.add(g, u);
    x.multiply(x, ROOT);
    return h.isZero();
  }

  /** The 32 bytes of the canonical encoding. */
  byte[] encode() {
    Ed25519Point p = copy();
    normalize(new Ed25519Point[] {p}, 1);
    return p.encodeNormalized();
  }

  /** The 32 bytes of the canonical encoding of this point, which is normalized. */
  byte[] encodeNormalized() {
    byte[] encoded = y.encode();
    if (x.isOdd()) {
      encoded[Ed25519Field.BYTES - 1] |= (byte) 0x80;
    }
    return encoded;
  }

  /** True if this is the neutral point, which has x = 0 and y = 1. */
  boolean isNeutral() {
    a.subtract(y, z);
    return x.isZero() && a.isZero();
  }

  void negate() {
    x.negate();
    t.negate();
  }

  /**
   * Gives points the form with Z = 1. They share one inversion (Montgomery, "Speeding the Pollard
   * and Elliptic Curve Methods of Factorization", 1987): three products a point. The formulas are
   * complete, so no Z is 0, and no point can spoil another.
   */
  static void normalize(Ed25519Point[] points, int count) {
    Ed25519Field[] products = new Ed25519Field[count];
    Ed25519Field product = Ed25519Field.copy(ONE);
    for (int i = 0; i < count; i++) {
      products[i] = Ed25519Field.copy(product);
      product.multiply(product, points[i].z);
    }
    product.invert(product);
    for (int i = count - 1; i >= 0; i--) {
      Ed25519Point p = points[i];
      p.a.multiply(product, products[i]);
      product.multiply(product, p.z);
      p.x.multiply(p.x, p.a);
      p.y.multiply(p.y, p.a);
      p.z.set(ONE);
      p.t.multiply(p.x, p.y);
    }
  }

  /** Writes this point, which is normalized, into a table: Y-X, Y+X and 2dT, in 15 limbs. */
  void write(long[] table, int at) {
    a.subtract(y, x);
    a.write(table, at);
    a.add(y, x);
    a.write(table, at + Ed25519Field.LIMBS);
    a.multiply(t, TWO_D);
    a.write(table, at + 2 * Ed25519Field.LIMBS);
  }

  /**
   * Adds or subtracts a point that {@link #write} left in a table, in seven products. There is no
   * branch on which of both: nobody can foresee that, and a processor that does in vain loses time.
   *
   * @param sign 0 to add, -1 to subtract: that adds (-x, y), so that sums and differences change
   *     places
   */
  void add(long[] table, int at, int sign) {
    int swap = sign & Ed25519Field.LIMBS;
    a.subtract(y, x);
    b.add(y, x);
    a.multiply(a, table, at + swap);
    b.multiply(b, table, at + Ed25519Field.LIMBS - swap);
    c.multiply(t, table, at + 2 * Ed25519Field.LIMBS);
    c.negateIf(sign);
    h.add(z, z);
    combine(true);
  }

  /** Returns the odd multiples P, 3P, 5P, … of this point, and changes this point. */
  Addend[] oddMultiples(int count) {
    Addend[] multiples = new Addend[count];
    Addend step = twiceAsAddend();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        add(step, 0, true);
      }
      multiples[i] = new Addend(this, false);
    }
    return multiples;
  }

  /** Does the same with an inversion, by which adding one of them takes a product less. */
  Addend[] normalizedOddMultiples(int count) {
    Ed25519Point[] points = new Ed25519Point[count];
    Addend step = twiceAsAddend();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        add(step, 0, true);
      }
      points[i] = copy();
    }
    normalize(points, count);
    Addend[] multiples = new Addend[count];
    for (int i = 0; i < count; i++) {
      multiples[i] = new Addend(points[i], true);
    }
    return multiples;
  }

  private Addend twiceAsAddend() {
    Ed25519Point twice = copy();
    twice.twice(true);
    return new Addend(twice, false);
  }

  /**
   * Doubles this point.
   *
   * @param withT whether T is computed, which an addition needs and another doubling does not
   */
  void twice(boolean withT) {
    e.add(x, y);
    a.square(x);
    b.square(y);
    c.square(z);
    c.add(c, c);
    h.add(a, b);
    g.subtract(a, b);
    e.square(e);
    e.subtract(h, e);
    f.add(c, g);
    multiply(withT);
  }

  /**
   * Adds or subtracts a point.
   *
   * @param sign as for {@link #add(long[], int, int)}
   * @param withT as for {@link #twice}
   */
  void add(Addend other, int sign, boolean withT) {
    a.subtract(y, x);
    b.add(y, x);
    a.multiply(a, other.factors[sign & 1]);
    b.multiply(b, other.factors[~sign & 1]);
    c.multiply(t, other.td2);
    c.negateIf(sign);
    if (other.normalized) {
      h.add(z, z);
    } else {
      h.multiply(z, other.z2);
    }
    combine(withT);
  }

  /** Makes the sum of what an addition has put in place. */
  private void combine(boolean withT) {
    f.subtract(h, c);
    g.add(h, c);
    e.subtract(b, a);
    h.add(b, a);
    multiply(withT);
  }

  private void multiply(boolean withT) {
    x.multiply(e, f);
    y.multiply(g, h);
    z.multiply(f, g);
    if (withT) {
      t.multiply(e, h);
    }
  }
}
