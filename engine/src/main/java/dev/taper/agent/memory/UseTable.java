package dev.taper.agent.memory;

/**
 * Finds the rows of a {@link UseIndex} by their ids. There are as many buckets as rows, and each
 * row that comes or goes splits or joins one bucket (linear hashing), so that no call works on more
 * than a few buckets. Whoever chooses ids cannot make a bucket long ({@link IdHash}). Not
 * thread-safe.
 */
final class UseTable {
  private static final int NONE = UseRows.NONE;

  private final UseRows rows;
  private final IdHash hash;

  UseTable(UseRows rows, IdHash hash) {
    this.rows = rows;
    this.hash = hash;
  }

  /** The row of an id, or {@link UseRows#NONE}. */
  int find(long high, long low) {
    if (rows.size() == 0) {
      return NONE;
    }
    int row = rows.get(UseRows.BUCKET, bucket(high, low));
    while (row != NONE && !rows.is(row, high, low)) {
      row = rows.get(UseRows.NEXT, row);
    }
    return row;
  }

  /**
   * Adds an id that is not there.
   *
   * @return its row, the last
   */
  int add(long high, long low) {
    int row = rows.add(high, low);
    rows.set(UseRows.BUCKET, row, NONE);
    if (row > 0) {
      split(row);
    }
    putFirst(row, bucket(high, low));
    return row;
  }

  /** Takes a row away. What stands in the last row moves there, if it is another. */
  void remove(int row) {
    int last = rows.size() - 1;
    replace(row, rows.get(UseRows.NEXT, row));
    if (row != last) {
      replace(last, row);
      rows.moveLast(row);
    }
    if (last > 0) {
      join(last);
    }
    rows.removeLast();
  }

  /** The bucket of an id now. */
  private int bucket(long high, long low) {
    int size = rows.size();
    int level = Integer.highestOneBit(size);
    int bucket = hash.of(high, low) & (2 * level - 1);
    return bucket < size ? bucket : bucket - level;
  }

  /** The bucket that a new last bucket takes its rows from, and gives them to when it goes. */
  private static int other(int last) {
    return last - Integer.highestOneBit(last);
  }

  private void split(int last) {
    int mask = 2 * Integer.highestOneBit(last) - 1;
    int from = other(last);
    int row = rows.get(UseRows.BUCKET, from);
    rows.set(UseRows.BUCKET, from, NONE);
    while (row != NONE) {
      int next = rows.get(UseRows.NEXT, row);
      boolean moves = (hash.of(rows.high(row), rows.low(row)) & mask) == last;
      putFirst(row, moves ? last : from);
      row = next;
    }
  }

  private void join(int last) {
    int to = other(last);
    int row = rows.get(UseRows.BUCKET, last);
    while (row != NONE) {
      int next = rows.get(UseRows.NEXT, row);
      putFirst(row, to);
      row = next;
    }
  }

  private void putFirst(int row, int bucket) {
    rows.set(UseRows.NEXT, row, rows.get(UseRows.BUCKET, bucket));
    rows.set(UseRows.BUCKET, bucket, row);
  }

  /** Puts another row, or none, where a row stands in its bucket. */
  private void replace(int row, int by) {
    int bucket = bucket(rows.high(row), rows.low(row));
    int at = rows.get(UseRows.BUCKET, bucket);
    if (at == row) {
      rows.set(UseRows.BUCKET, bucket, by);
      return;
    }
    int next = rows.get(UseRows.NEXT, at);
    while (next != row) {
      at = next;
      next = rows.get(UseRows.NEXT, at);
    }
    rows.set(UseRows.NEXT, at, by);
  }
}
