package dev.taper.agent.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a {@link UseIndex}, numbered from 0 without a gap. They stand in arrays of numbers,
 * 48 bytes a row, so that the collector has nothing to follow. An array is a piece of a thousand
 * rows: no call copies or clears more than one, and those that are empty go. Not thread-safe.
 */
final class UseRows {
  /** No row. */
  static final int NONE = -1;

  private static final int PIECE = 1024; // a power of two
  private static final int FIRST_PIECE = 8;

  // Columns of two numbers.
  private static final int HIGH = 0;
  private static final int LOW = 2;
  private static final int UNTIL = 4;

  /** A column: the next row with a hash of the same bucket. */
  static final int NEXT = 6;

  /**
   * A column: the first row in the bucket that has this row's number. It belongs to the number, not
   * to what stands in the row: there are as many buckets as rows.
   */
  static final int BUCKET = 7;

  /** A column: the row before this one among those that end together. */
  static final int BEFORE = 8;

  /** A column: the row behind this one among those that end together. */
  static final int BEHIND = 9;

  /** A column: the number of the holding in {@link MemoryShares}. */
  static final int HOLDING = 10;

  /**
   * A column that says both the order and the times. Above 0: the times of something whose order is
   * its end, as an approval's is. Below 0: how far the order of something that was used once lies
   * before its end, as a proof's does. 0: it is neither, and stands in {@link #others}.
   */
  private static final int REST = 11;

  private static final int COLUMNS = 12;

  /** The order and the times of what is neither like an approval nor like a proof. */
  private record Other(long order, int times) {}

  private final List<int[]> pieces = new ArrayList<>();
  private int size;
  private final Map<Integer, Other> others = new HashMap<>();

  int size() {
    return size;
  }

  /**
   * Adds a row.
   *
   * @return its number, the highest
   */
  int add(long high, long low) {
    int row = size;
    int piece = row / PIECE;
    if (piece == pieces.size()) {
      pieces.add(new int[COLUMNS * (piece == 0 ? FIRST_PIECE : PIECE)]);
    }
    int[] in = pieces.get(piece);
    if (row % PIECE * COLUMNS == in.length) {
      pieces.set(piece, Arrays.copyOf(in, 2 * in.length)); // the first piece
    }
    size++; // only now: an allocation may fail
    setLong(HIGH, row, high);
    setLong(LOW, row, low);
    return row;
  }

  /** Takes what stands in the last row to another, but for the bucket. */
  void moveLast(int to) {
    int last = size - 1;
    int bucket = get(BUCKET, to);
    System.arraycopy(piece(last), place(last), piece(to), place(to), COLUMNS);
    set(BUCKET, to, bucket);
    if (!others.isEmpty()) {
      Other other = others.get(last);
      if (other == null) {
        others.remove(to);
      } else {
        others.put(to, other);
      }
    }
  }

  /** Takes the last row away. */
  void removeLast() {
    size--;
    if (!others.isEmpty()) {
      others.remove(size);
    }
    int behindNext = size / PIECE + 1; // the next one may stay empty: it need not come and go
    if (size % PIECE == 0 && behindNext < pieces.size()) {
      pieces.remove(behindNext);
    }
  }

  /** True if a row has this id. */
  boolean is(int row, long high, long low) {
    return getLong(HIGH, row) == high && getLong(LOW, row) == low;
  }

  long high(int row) {
    return getLong(HIGH, row);
  }

  long low(int row) {
    return getLong(LOW, row);
  }

  long until(int row) {
    return getLong(UNTIL, row);
  }

  long order(int row) {
    int rest = get(REST, row);
    return rest == 0 ? other(row).order : until(row) + Math.min(rest, 0);
  }

  int times(int row) {
    int rest = get(REST, row);
    return rest == 0 ? other(row).times : Math.max(rest, 1);
  }

  private Other other(int row) {
    Other other = others.get(row);
    if (other == null) {
      throw new IllegalStateException("row " + row + " says neither its order nor its times");
    }
    return other;
  }

  /** Notes the end, the order and the times of a row. */
  void put(int row, long until, long order, int times) {
    setLong(UNTIL, row, until);
    int rest = rest(until, order, times);
    set(REST, row, rest);
    if (rest == 0) {
      others.put(row, new Other(order, times));
    } else if (!others.isEmpty()) {
      others.remove(row);
    }
  }

  private static int rest(long until, long order, int times) {
    if (order == until) {
      return Math.max(times, 0);
    }
    boolean isNear = order < until && order >= until - Integer.MAX_VALUE;
    return isNear && times == 1 ? (int) (order - until) : 0;
  }

  int get(int column, int row) {
    return piece(row)[place(row) + column];
  }

  void set(int column, int row, int value) {
    piece(row)[place(row) + column] = value;
  }

  private long getLong(int column, int row) {
    int[] piece = piece(row);
    int at = place(row) + column;
    return ((long) piece[at] << Integer.SIZE) | Integer.toUnsignedLong(piece[at + 1]);
  }

  private void setLong(int column, int row, long value) {
    int[] piece = piece(row);
    int at = place(row) + column;
    piece[at] = (int) (value >>> Integer.SIZE);
    piece[at + 1] = (int) value;
  }

  private static int place(int row) {
    return row % PIECE * COLUMNS;
  }

  private int[] piece(int row) {
    return pieces.get(row / PIECE);
  }
}
