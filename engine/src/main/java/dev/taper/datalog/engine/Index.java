package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a relation by the values of some of its columns, each group in ascending order, so
 * that a join meets rows in the order of insertion and can start at any row by binary search. It is
 * extended, never rebuilt, as the relation grows: a look-up costs no more than the rows it yields.
 */
final class Index {
  final int[] columns;
  final @Nullable Index next;

  private int rows; // indexed so far
  private int groups;
  private int[] table = new int[32]; // group + 1 by hash; 0 is free
  private int[] hashes = new int[16];
  private int[][] postings = new int[16][];
  private int[] counts = new int[16];

  Index(int[] columns, @Nullable Index next) {
    this.columns = columns;
    this.next = next;
  }

  /** Takes in the rows up to a limit. */
  void extend(Relation relation, int limit, Budget budget) {
    if (rows == limit) {
      return;
    }
    Term[] key = new Term[columns.length];
    for (; rows < limit; rows++) {
      budget.charge(1);
      int base = rows * relation.arity;
      for (int k = 0; k < key.length; k++) {
        key[k] = relation.cells[base + columns[k]];
      }
      add(relation, key, rows, budget);
    }
  }

  private void add(Relation relation, Term[] key, int row, Budget budget) {
    int hash = hash(key);
    int group = find(relation, key, hash, budget);
    if (group < 0) {
      if (groups == hashes.length) {
        grow();
      }
      group = groups++;
      hashes[group] = hash;
      postings[group] = new int[2];
      place(group);
    }
    int[] rowsOfGroup = postings[group];
    int count = counts[group]++;
    if (count == rowsOfGroup.length) {
      rowsOfGroup = Arrays.copyOf(rowsOfGroup, 2 * count);
      postings[group] = rowsOfGroup;
    }
    rowsOfGroup[count] = row;
  }

  /** The group of rows with these values, or -1. */
  int find(Relation relation, Term[] key, Budget budget) {
    return find(relation, key, hash(key), budget);
  }

  private int find(Relation relation, Term[] key, int hash, Budget budget) {
    int mask = table.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      int group = table[i] - 1;
      if (group < 0 || (hashes[group] == hash && hasKey(relation, group, key))) {
        return group;
      }
      budget.charge(1);
    }
  }

  private boolean hasKey(Relation relation, int group, Term[] key) {
    int base = postings[group][0] * relation.arity;
    for (int k = 0; k < columns.length; k++) {
      if (!Values.same(relation.cells[base + columns[k]], key[k])) {
        return false;
      }
    }
    return true;
  }

  /** The rows of a group; only the first {@link #count} entries count. */
  int[] postings(int group) {
    return postings[group];
  }

  int count(int group) {
    return counts[group];
  }

  /** The position of a group's first row that is not before the given one. */
  int position(int group, int row) {
    if (row == 0) {
      return 0;
    }
    int at = Arrays.binarySearch(postings[group], 0, counts[group], row);
    return at < 0 ? ~at : at;
  }

  private int hash(Term[] key) {
    int h = 0;
    for (int k = 0; k < columns.length; k++) {
      h = 31 * h + key[k].hashCode();
    }
    h *= 0x9E3779B9;
    return h ^ h >>> 15;
  }

  private void grow() {
    int capacity = 2 * groups;
    hashes = Arrays.copyOf(hashes, capacity);
    postings = Arrays.copyOf(postings, capacity);
    counts = Arrays.copyOf(counts, capacity);
    table = new int[2 * capacity];
    for (int group = 0; group < groups; group++) {
      place(group);
    }
  }

  private void place(int group) {
    int mask = table.length - 1;
    int i = hashes[group] & mask;
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    table[i] = group + 1;
  }
}
