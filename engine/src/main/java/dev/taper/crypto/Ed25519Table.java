package dev.taper.crypto;

/**
 * Multiples of a point that is multiplied again and again: public values only. Immutable.
 *
 * <p>With them a multiple of the point is a sum of one entry for each digit of the scalar, and no
 * decoding and nearly no doublings are left (fixed-base windows: Brickell, Gordon, McCurley,
 * Wilson, "Fast Exponentiation with Precomputation", 1992). Entries are affine, so adding one takes
 * seven products. Row r has 1 to 2^(width-1) times the point times 2^(width * step * r); digits are
 * signed, so that half of them need no entry.
 *
 * <p>With a step of s only every s-th digit has a row. The others use the row below them, and are
 * added first, with (s - 1) * width doublings in between. So the step trades memory, and the time
 * that making the table takes, for a few doublings.
 */
final class Ed25519Table {
  private static final int ENTRY = 3 * Ed25519Field.LIMBS;

  private final int width;
  private final int step;
  private final long[] entries;

  private Ed25519Table(int width, int step, long[] entries) {
    this.width = width;
    this.step = step;
    this.entries = entries;
  }

  /**
   * Computes a table.
   *
   * @param point the point, which is not changed
   * @param width bits of a digit, as {@link Ed25519Scalar#digits} takes them
   * @param step how many digits share a row
   */
  static Ed25519Table of(Ed25519Point point, int width, int step) {
    int inRow = 1 << (width - 1);
    Ed25519Point[] points = new Ed25519Point[rows(width, step) * inRow];
    Ed25519Point first = point.copy();
    for (int row = 0; row < points.length; row += inRow) {
      Ed25519Point.Addend addend = first.copy().oddMultiples(1)[0];
      points[row] = first.copy();
      for (int i = 1; i < inRow; i++) {
        points[row + i] = points[row + i - 1].copy();
        points[row + i].add(addend, 0, true);
      }
      for (int i = 0; i < width * step; i++) {
        first.twice(true);
      }
    }
    Ed25519Point.normalize(points, points.length);
    long[] entries = new long[points.length * ENTRY];
    for (int i = 0; i < points.length; i++) {
      points[i].write(entries, i * ENTRY);
    }
    return new Ed25519Table(width, step, entries);
  }

  private static int rows(int width, int step) {
    int bits = width * step;
    return (Ed25519Scalar.BITS + bits - 1) / bits;
  }

  /** The bytes of a table. */
  static long bytes(int width, int step) {
    return (long) rows(width, step) * (1 << (width - 1)) * ENTRY * Long.BYTES;
  }

  /** The bytes of this table. */
  long bytes() {
    return (long) entries.length * Long.BYTES;
  }

  /**
   * Adds a multiple of this table's point to a sum.
   *
   * @param sum the neutral point, unless the step is 1: doublings double all of it
   */
  void addMultiple(Ed25519Scalar scalar, Ed25519Point sum) {
    byte[] digits = scalar.digits(width);
    int phase = step - 1;
    add(digits, phase, sum);
    for (; phase > 0; phase--) {
      for (int i = 1; i <= width; i++) {
        sum.twice(i == width);
      }
      add(digits, phase - 1, sum);
    }
  }

  private void add(byte[] digits, int phase, Ed25519Point sum) {
    int row = -ENTRY;
    int rowSize = ENTRY << (width - 1);
    for (int i = phase; i < digits.length; i += step) {
      int digit = digits[i];
      if (digit != 0) {
        int sign = digit >> (Integer.SIZE - 1);
        sum.add(entries, row + ((digit ^ sign) - sign) * ENTRY, sign);
      }
      row += rowSize;
    }
  }
}
