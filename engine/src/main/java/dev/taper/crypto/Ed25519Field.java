package dev.taper.crypto;

import static java.lang.Math.multiplyHigh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * An element of the field of integers modulo p = 2^255 - 19, for computing with public values only.
 * Mutable, for one thread; a result may be written into an operand.
 *
 * <p>Verifying a signature takes about 2,000 products, so this is where its time goes. Five limbs
 * in radix 2^51 (Bernstein, Duif, Lange, Schwabe, Yang, "High-speed high-security signatures",
 * 2011). Java has no sums of 128 bits, so the halves of the products are summed separately: {@link
 * Math#multiplyHigh}, one instruction, of operands shifted by 13 bits together is floor(ab / 2^51);
 * what the sum of those leaves of the true sum is below 5 * 2^51, so computing it, and sixteen
 * times it, modulo 2^64 is exact. The second operand is shifted by 4 bits for both halves: that
 * saves shifts and registers, a tenth of the time.
 *
 * <p>Bounds: the limbs of an operand of a product are below 2^53 in size, and may be negative; then
 * every sum in a product is below 2^62. Those of a product are in -2^16..2^51 + 2^16. So three
 * products can be added or subtracted without a carry, and only a product carries.
 */
final class Ed25519Field {
  static final int BYTES = 32;

  /** How many limbs {@link #write} writes. */
  static final int LIMBS = 5;

  private static final int RADIX = 51;
  private static final int WIDE = RADIX + 4;
  private static final long MASK = (1L << RADIX) - 1;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long l0;
  private long l1;
  private long l2;
  private long l3;
  private long l4;

  static Ed25519Field of(int value) {
    Ed25519Field element = new Ed25519Field();
    element.l0 = value;
    return element;
  }

  /** Reads 255 bits, little-endian; the last bit of the 32 bytes is left out. */
  static Ed25519Field decode(byte[] bytes, int at) {
    long w0 = (long) LONG.get(bytes, at);
    long w1 = (long) LONG.get(bytes, at + 8);
    long w2 = (long) LONG.get(bytes, at + 16);
    long w3 = (long) LONG.get(bytes, at + 24);
    Ed25519Field element = new Ed25519Field();
    element.l0 = w0 & MASK;
    element.l1 = (w0 >>> 51 | w1 << 13) & MASK;
    element.l2 = (w1 >>> 38 | w2 << 26) & MASK;
    element.l3 = (w2 >>> 25 | w3 << 39) & MASK;
    element.l4 = w3 >>> 12 & MASK;
    return element;
  }

  /** The value in 0..p-1, as 32 bytes, little-endian. */
  byte[] encode() {
    Ed25519Field n = reduced();
    byte[] bytes = new byte[BYTES];
    LONG.set(bytes, 0, n.l0 | n.l1 << 51);
    LONG.set(bytes, 8, n.l1 >>> 13 | n.l2 << 38);
    LONG.set(bytes, 16, n.l2 >>> 26 | n.l3 << 25);
    LONG.set(bytes, 24, n.l3 >>> 39 | n.l4 << 12);
    return bytes;
  }

  /** Writes the five limbs of the value in 0..p-1, sixteenfold as products take them. */
  void write(long[] limbs, int at) {
    Ed25519Field n = reduced();
    limbs[at] = n.l0 << 4;
    limbs[at + 1] = n.l1 << 4;
    limbs[at + 2] = n.l2 << 4;
    limbs[at + 3] = n.l3 << 4;
    limbs[at + 4] = n.l4 << 4;
  }

  /** The value in 0..p-1, with 51 bits in every limb. */
  private Ed25519Field reduced() {
    Ed25519Field n = new Ed25519Field();
    // 4p makes every limb positive. What is above 2^255 comes back below, which leaves less than
    // 2p.
    n.l0 = l0 + 4 * (MASK - 18);
    n.l1 = l1 + 4 * MASK;
    n.l2 = l2 + 4 * MASK;
    n.l3 = l3 + 4 * MASK;
    n.l4 = l4 + 4 * MASK;
    long out = n.carryUp();
    n.l0 += 19 * out;
    // n >= p exactly if n + 19 reaches 2^255; n - p is that without its highest bit.
    n.l0 += 19;
    if (n.carryUp() == 0) {
      n.l0 -= 19;
      n.carryUp();
    }
    return n;
  }

  /** Leaves 51 bits in every limb, and returns what is to be carried out of the highest. */
  private long carryUp() {
    l1 += l0 >> RADIX;
    l0 &= MASK;
    l2 += l1 >> RADIX;
    l1 &= MASK;
    l3 += l2 >> RADIX;
    l2 &= MASK;
    l4 += l3 >> RADIX;
    l3 &= MASK;
    long out = l4 >> RADIX;
    l4 &= MASK;
    return out;
  }

  boolean isZero() {
    int any = 0;
    for (byte b : encode()) {
      any |= b;
    }
    return any == 0;
  }

  /** True if the value in 0..p-1 is odd. */
  boolean isOdd() {
    return (encode()[0] & 1) != 0;
  }

  void set(Ed25519Field a) {
    l0 = a.l0;
    l1 = a.l1;
    l2 = a.l2;
    l3 = a.l3;
    l4 = a.l4;
  }

  void add(Ed25519Field a, Ed25519Field b) {
    l0 = a.l0 + b.l0;
    l1 = a.l1 + b.l1;
    l2 = a.l2 + b.l2;
    l3 = a.l3 + b.l3;
    l4 = a.l4 + b.l4;
  }

  void subtract(Ed25519Field a, Ed25519Field b) {
    l0 = a.l0 - b.l0;
    l1 = a.l1 - b.l1;
    l2 = a.l2 - b.l2;
    l3 = a.l3 - b.l3;
    l4 = a.l4 - b.l4;
  }

  void negate() {
    l0 = -l0;
    l1 = -l1;
    l2 = -l2;
    l3 = -l3;
    l4 = -l4;
  }

  /**
   * Negates this if the sign is negative, without a branch.
   *
   * @param sign 0 or -1
   */
  void negateIf(int sign) {
    long mask = sign;
    l0 = (l0 ^ mask) - mask;
    l1 = (l1 ^ mask) - mask;
    l2 = (l2 ^ mask) - mask;
    l3 = (l3 ^ mask) - mask;
    l4 = (l4 ^ mask) - mask;
  }

  void multiply(Ed25519Field a, Ed25519Field b) {
    multiply(a, b.l0 << 4, b.l1 << 4, b.l2 << 4, b.l3 << 4, b.l4 << 4);
  }

  /** Multiplies by an element that {@link #write} left in a table. */
  void multiply(Ed25519Field a, long[] limbs, int at) {
    multiply(a, limbs[at], limbs[at + 1], limbs[at + 2], limbs[at + 3], limbs[at + 4]);
  }

  /** Multiplies by an element whose limbs are sixteenfold. */
  private void multiply(Ed25519Field a, long b0, long b1, long b2, long b3, long b4) {
    long a0 = a.l0;
    long a1 = a.l1;
    long a2 = a.l2;
    long a3 = a.l3;
    long a4 = a.l4;
    // 2^255 = 19 modulo p.
    long c1 = 19 * b1;
    long c2 = 19 * b2;
    long c3 = 19 * b3;
    long c4 = 19 * b4;
    long low0 = a0 * b0 + a1 * c4 + a2 * c3 + a3 * c2 + a4 * c1;
    long low1 = a0 * b1 + a1 * b0 + a2 * c4 + a3 * c3 + a4 * c2;
    long low2 = a0 * b2 + a1 * b1 + a2 * b0 + a3 * c4 + a4 * c3;
    long low3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * c4;
    long low4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;

    a0 <<= 9;
    a1 <<= 9;
    a2 <<= 9;
    a3 <<= 9;
    a4 <<= 9;
    long high0 =
        multiplyHigh(a0, b0)
            + multiplyHigh(a1, c4)
            + multiplyHigh(a2, c3)
            + multiplyHigh(a3, c2)
            + multiplyHigh(a4, c1);
    long high1 =
        multiplyHigh(a0, b1)
            + multiplyHigh(a1, b0)
            + multiplyHigh(a2, c4)
            + multiplyHigh(a3, c3)
            + multiplyHigh(a4, c2);
    long high2 =
        multiplyHigh(a0, b2)
            + multiplyHigh(a1, b1)
            + multiplyHigh(a2, b0)
            + multiplyHigh(a3, c4)
            + multiplyHigh(a4, c3);
    long high3 =
        multiplyHigh(a0, b3)
            + multiplyHigh(a1, b2)
            + multiplyHigh(a2, b1)
            + multiplyHigh(a3, b0)
            + multiplyHigh(a4, c4);
    long high4 =
        multiplyHigh(a0, b4)
            + multiplyHigh(a1, b3)
            + multiplyHigh(a2, b2)
            + multiplyHigh(a3, b1)
            + multiplyHigh(a4, b0);
    reduce(low0, high0, low1, high1, low2, high2, low3, high3, low4, high4);
  }

  /** Sets this to a^2. Doubling a point takes four of these, and a loop of one takes longer. */
  void square(Ed25519Field a) {
    long a0 = a.l0;
    long a1 = a.l1;
    long a2 = a.l2;
    long a3 = a.l3;
    long a4 = a.l4;
    long b0 = 2 * a0;
    long b1 = 2 * a1;
    long b2 = 2 * a2;
    long b3 = 2 * a3;
    long d0 = a0 << 4;
    long d1 = a1 << 4;
    long d2 = a2 << 4;
    long d3 = a3 << 4;
    long d4 = a4 << 4;
    long c3 = 19 * d3;
    long c4 = 19 * d4;
    long low0 = a0 * d0 + b1 * c4 + b2 * c3;
    long low1 = b0 * d1 + b2 * c4 + a3 * c3;
    long low2 = b0 * d2 + a1 * d1 + b3 * c4;
    long low3 = b0 * d3 + b1 * d2 + a4 * c4;
    long low4 = b0 * d4 + b1 * d3 + a2 * d2;

    b0 <<= 9;
    b1 <<= 9;
    b2 <<= 9;
    b3 <<= 9;
    long high0 = multiplyHigh(a0 << 9, d0) + multiplyHigh(b1, c4) + multiplyHigh(b2, c3);
    long high1 = multiplyHigh(b0, d1) + multiplyHigh(b2, c4) + multiplyHigh(a3 << 9, c3);
    long high2 = multiplyHigh(b0, d2) + multiplyHigh(a1 << 9, d1) + multiplyHigh(b3, c4);
    long high3 = multiplyHigh(b0, d3) + multiplyHigh(b1, d2) + multiplyHigh(a4 << 9, c4);
    long high4 = multiplyHigh(b0, d4) + multiplyHigh(b1, d3) + multiplyHigh(a2 << 9, d2);
    reduce(low0, high0, low1, high1, low2, high2, low3, high3, low4, high4);
  }

  /**
   * Sets this to a^(2^times). The limbs stay in registers between one square and the next, which
   * has to wait for them: a power takes a fourth less time than by single squares.
   */
  private void square(Ed25519Field a, int times) {
    long a0 = a.l0;
    long a1 = a.l1;
    long a2 = a.l2;
    long a3 = a.l3;
    long a4 = a.l4;
    for (int i = 0; i < times; i++) {
      long b0 = 2 * a0;
      long b1 = 2 * a1;
      long b2 = 2 * a2;
      long b3 = 2 * a3;
      long d0 = a0 << 4;
      long d1 = a1 << 4;
      long d2 = a2 << 4;
      long d3 = a3 << 4;
      long d4 = a4 << 4;
      long c3 = 19 * d3;
      long c4 = 19 * d4;
      long low0 = a0 * d0 + b1 * c4 + b2 * c3;
      long low1 = b0 * d1 + b2 * c4 + a3 * c3;
      long low2 = b0 * d2 + a1 * d1 + b3 * c4;
      long low3 = b0 * d3 + b1 * d2 + a4 * c4;
      long low4 = b0 * d4 + b1 * d3 + a2 * d2;

      b0 <<= 9;
      b1 <<= 9;
      b2 <<= 9;
      b3 <<= 9;
      long high0 = multiplyHigh(a0 << 9, d0) + multiplyHigh(b1, c4) + multiplyHigh(b2, c3);
      long high1 = multiplyHigh(b0, d1) + multiplyHigh(b2, c4) + multiplyHigh(a3 << 9, c3);
      long high2 = multiplyHigh(b0, d2) + multiplyHigh(a1 << 9, d1) + multiplyHigh(b3, c4);
      long high3 = multiplyHigh(b0, d3) + multiplyHigh(b1, d2) + multiplyHigh(a4 << 9, c4);
      long high4 = multiplyHigh(b0, d4) + multiplyHigh(b1, d3) + multiplyHigh(a2 << 9, d2);
      long n0 = ((low0 - (high0 << WIDE)) >> 4) + 19 * high4;
      long n1 = ((low1 - (high1 << WIDE)) >> 4) + high0;
      long n2 = ((low2 - (high2 << WIDE)) >> 4) + high1;
      long n3 = ((low3 - (high3 << WIDE)) >> 4) + high2;
      long n4 = ((low4 - (high4 << WIDE)) >> 4) + high3;
      a0 = (n0 & MASK) + 19 * (n4 >> RADIX);
      a1 = (n1 & MASK) + (n0 >> RADIX);
      a2 = (n2 & MASK) + (n1 >> RADIX);
      a3 = (n3 & MASK) + (n2 >> RADIX);
      a4 = (n4 & MASK) + (n3 >> RADIX);
    }
    l0 = a0;
    l1 = a1;
    l2 = a2;
    l3 = a3;
    l4 = a4;
  }

  /**
   * Sets the limbs to sums of products: the lower 64 bits of 16 times each, and what is above 2^51.
   */
  private void reduce(
      long low0,
      long high0,
      long low1,
      long high1,
      long low2,
      long high2,
      long low3,
      long high3,
      long low4,
      long high4) {
    long n0 = ((low0 - (high0 << WIDE)) >> 4) + 19 * high4;
    long n1 = ((low1 - (high1 << WIDE)) >> 4) + high0;
    long n2 = ((low2 - (high2 << WIDE)) >> 4) + high1;
    long n3 = ((low3 - (high3 << WIDE)) >> 4) + high2;
    long n4 = ((low4 - (high4 << WIDE)) >> 4) + high3;
    l0 = (n0 & MASK) + 19 * (n4 >> RADIX);
    l1 = (n1 & MASK) + (n0 >> RADIX);
    l2 = (n2 & MASK) + (n1 >> RADIX);
    l3 = (n3 & MASK) + (n2 >> RADIX);
    l4 = (n4 & MASK) + (n3 >> RADIX);
  }

  /** How often this process inverted, for tests: threads may lose each other's counts. */
  static int inversions;

  /** Sets this to 1/a; 0 for 0. */
  void invert(Ed25519Field a) {
    inversions++;
    set(decode(Ed25519Inverse.of(a.encode()), 0));
  }

  /** Sets this to a^((p-5)/8), which is a^(2^252 - 3). */
  void power(Ed25519Field a) {
    // ones(n) is a^(2^n - 1): ones(m + n) = ones(m)^(2^n) ones(n).
    Ed25519Field base = copy(a);
    Ed25519Field ones5 = copy(base);
    for (int i = 1; i < 5; i++) {
      ones5.square(ones5);
      ones5.multiply(ones5, base);
    }
    Ed25519Field ones10 = ones5.joined(ones5, 5);
    Ed25519Field ones20 = ones10.joined(ones10, 10);
    Ed25519Field ones50 = ones20.joined(ones20, 20).joined(ones10, 10);
    Ed25519Field ones100 = ones50.joined(ones50, 50);
    Ed25519Field ones250 = ones100.joined(ones100, 100).joined(ones50, 50);
    set(ones250.joined(base, 2));
  }

  private Ed25519Field joined(Ed25519Field other, int squarings) {
    Ed25519Field result = copy(this);
    result.square(squarings);
    result.multiply(result, other);
    return result;
  }

  private void square(int times) {
    square(this, times);
  }

  static Ed25519Field copy(Ed25519Field a) {
    Ed25519Field copy = new Ed25519Field();
    copy.set(a);
    return copy;
  }
}
