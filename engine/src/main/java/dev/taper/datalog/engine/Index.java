package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a relation by the values of some of its columns. Each group of rows is in
 * ascending order, so that a join meets rows in the order of insertion and can start at any row by
 * binary search.
 *
 * <p>It is an open-addressing hash table over the groups, whose values lie side by side: a look-up
 * compares values in place and touches no row. It takes expected constant time and yields only rows
 * that match. As the relation grows, the index is extended, at one step a row, and never rebuilt.
 * Senders can cause collisions, so each one is charged a step too.
 */
final class Index {
  private static final int GROUPS = 16;

  /**
   * The least number of places in the table for a group: most look-ups find their group, or none,
   * at once.
   */
  private static final int SLOTS = 4;

  final int[] columns;

  /**
   * The side whose work made the index; the other side does not use it, so as not to see that work.
   */
  final boolean service;

  final @Nullable Index next;

  private int rows; // indexed so far
  private int groups;
  private int[] table = new int[SLOTS * GROUPS]; // as in Relation: group + 1, bits of its hash
  private Term[] values; // by group and column
  private int[] hashes = new int[GROUPS]; // by group
  private int[][] postings = new int[GROUPS][]; // by group: how many rows, then these

  Index(int[] columns, boolean service, @Nullable Index next) {
    this.columns = columns;
    this.service = service;
    this.next = next;
    this.values = new Term[GROUPS * columns.length];
  }

  /** Adds the rows up to a limit. */
  void extend(Relation relation, int limit, Budget budget) {
    if (rows == limit) {
      return;
    }
    Term[] key = new Term[columns.length];
    for (; rows < limit; rows++) {
      budget.charge(1);
      Term[] page = relation.page(rows);
      int base = relation.at(rows);
      for (int k = 0; k < key.length; k++) {
        key[k] = page[base + columns[k]];
      }
      add(key, rows, budget);
    }
  }

  private void add(Term[] key, int row, Budget budget) {
    int hash = hash(key, budget);
    int group = find(key, hash, budget);
    if (group < 0) {
      addGroup(key, hash, row);
      return;
    }
    int[] members = postings[group];
    int count = ++members[0];
    if (count == members.length) {
      members = Arrays.copyOf(members, 2 * count);
      postings[group] = members;
    }
    members[count] = row;
  }

  private void addGroup(Term[] key, int hash, int row) {
    if (groups == postings.length) {
      grow();
    }
    System.arraycopy(key, 0, values, groups * key.length, key.length);
    postings[groups] = new int[] {1, row, 0};
    hashes[groups] = hash;
    place(groups++);
  }

  /** Returns the rows that have the given values, or null if none does. */
  int @Nullable [] find(Term[] key, Budget budget) {
    int group = find(key, hash(key, budget), budget);
    return group < 0 ? null : postings[group];
  }

  private int find(Term[] key, int hash, Budget budget) {
    int[] t = table;
    int mask = t.length - 1;
    for (int at = hash & mask; t[at] != 0; at = (at + 1) & mask) {
      int group = (t[at] & mask) - 1;
      if (((t[at] ^ hash) & ~mask) == 0 && hasValues(group, key, budget)) {
        return group;
      }
      budget.charge(1);
    }
    return -1;
  }

  private boolean hasValues(int group, Term[] key, Budget budget) {
    int base = group * columns.length;
    for (int k = 0; k < columns.length; k++) {
      if (!Values.same(values[base + k], key[k], budget)) {
        return false;
      }
    }
    return true;
  }

  private int hash(Term[] key, Budget budget) {
    int h = 0;
    for (int k = 0; k < columns.length; k++) {
      h = Values.mix(h, key[k], budget);
    }
    return Values.spread(h);
  }

  private void grow() {
    int capacity = 2 * groups;
    values = Arrays.copyOf(values, capacity * columns.length);
    postings = Arrays.copyOf(postings, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    table = new int[SLOTS * capacity];
    for (int group = 0; group < groups; group++) {
      place(group);
    }
  }

  private void place(int group) {
    int mask = table.length - 1;
    int at = hashes[group] & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = (hashes[group] & ~mask) | (group + 1);
  }
}
