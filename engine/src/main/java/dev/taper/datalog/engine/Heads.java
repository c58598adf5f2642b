package dev.taper.datalog.engine;

import dev.taper.datalog.Term;

/**
 * Derived facts that wait to be added to a large relation, a few at a time and in their order.
 *
 * <p>The hash table of a large relation does not fit in the processor's nearer caches. Between two
 * facts lies too much work for the processor to look ahead, so each new fact would wait for memory,
 * for a fifth of its time. Here the places of all that wait are read in one short loop, whose reads
 * run side by side. At most {@value #MOST} facts wait, so what they take is bounded.
 */
final class Heads {
  static final int MOST = 64;

  /** The number of rows, with a table of 512 KB, from which on waiting pays. */
  static final int LARGE = 1 << 14;

  final Term[][] rows;
  final long[] origins = new long[MOST];
  final int[] hashes = new int[MOST];
  int size;

  /** What was read; kept, so that the compiler does not leave the reading out. */
  int seen;

  /**
   * @param width the most terms that a fact has
   */
  Heads(int width) {
    this.rows = new Term[MOST][width];
  }

  /** Hashes all facts and reads their places in the table of a relation. */
  void find(Relation relation, Budget budget) {
    for (int i = 0; i < size; i++) {
      hashes[i] = relation.hash(origins[i], rows[i], 0, budget);
    }
    for (int i = 0; i < size; i++) {
      seen += relation.entry(hashes[i]);
    }
  }
}
