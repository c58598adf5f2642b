package dev.taper.datalog.engine;

import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one predicate, distinct by origin and terms, in the order they were added.
 *
 * <p>Rows lie one after the other in one array: a fact costs its terms' references and eight bytes,
 * no object. Up to {@value #SMALL} rows, new ones are compared with all; beyond, a hash table with
 * linear probing finds equal ones. A program's relations are shared between threads and never
 * change; a world works on {@link #copy copies}, which share the arrays until a row is added.
 */
final class Relation {
  private static final int SMALL = 8;

  final int arity;
  Term[] cells;
  long[] origins;
  int size;

  private int[] hashes = {};
  private int @Nullable [] table; // row + 1 by hash; 0 is free
  private boolean shared;
  private @Nullable Index indexes;

  Relation(int arity, int capacity) {
    this.arity = arity;
    this.cells = new Term[arity * capacity];
    this.origins = new long[capacity];
  }

  private Relation(Relation base) {
    this.arity = base.arity;
    this.cells = base.cells;
    this.origins = base.origins;
    this.size = base.size;
    this.hashes = base.hashes;
    this.table = base.table;
    this.shared = true;
  }

  /** A relation that can be changed without changing this one. */
  Relation copy() {
    return new Relation(this);
  }

  /** Adds a fact unless it is there; the terms are copied out of the row. */
  boolean add(long origin, Term[] row, Budget budget) {
    int hash = size < SMALL ? 0 : hash(origin, row);
    if (find(origin, row, hash, budget)) {
      return false;
    }
    if (shared || size == origins.length) {
      grow();
    }
    System.arraycopy(row, 0, cells, size * arity, arity);
    origins[size++] = origin;
    if (size > SMALL) {
      remember(hash);
    }
    return true;
  }

  private boolean find(long origin, Term[] row, int hash, Budget budget) {
    if (size < SMALL) {
      for (int r = 0; r < size; r++) {
        if (isRow(r, origin, row)) {
          return true;
        }
      }
      return false;
    }
    int[] t = table == null ? newTable() : table;
    int mask = t.length - 1;
    for (int i = hash & mask; t[i] != 0; i = (i + 1) & mask) {
      budget.charge(1); // colliding hashes are the sender's choice
      int r = t[i] - 1;
      if (hashes[r] == hash && isRow(r, origin, row)) {
        return true;
      }
    }
    return false;
  }

  /** True if a row exists and is this fact. */
  boolean isRow(int r, long origin, Term[] row) {
    if (r >= size || origins[r] != origin) {
      return false;
    }
    for (int c = 0, at = r * arity; c < arity; c++) {
      if (!Values.same(cells[at + c], row[c])) {
        return false;
      }
    }
    return true;
  }

  private int hash(long origin, Term[] row) {
    int h = Long.hashCode(origin);
    for (int c = 0; c < arity; c++) {
      h = 31 * h + row[c].hashCode();
    }
    h *= 0x9E3779B9;
    return h ^ h >>> 15;
  }

  private void remember(int hash) {
    int row = size - 1;
    hashes[row] = hash;
    int[] t = table;
    if (t == null || 2 * size > t.length) {
      rehash();
      return;
    }
    place(t, hash, row);
  }

  private int[] newTable() {
    hashes = new int[Math.max(origins.length, size)];
    Term[] row = new Term[arity];
    for (int r = 0; r < size; r++) {
      System.arraycopy(cells, r * arity, row, 0, arity);
      hashes[r] = hash(origins[r], row);
    }
    return rehash();
  }

  private int[] rehash() {
    int[] t = new int[Integer.highestOneBit(Math.max(size, SMALL)) * 8];
    for (int r = 0; r < size; r++) {
      place(t, hashes[r], r);
    }
    table = t;
    return t;
  }

  private static void place(int[] t, int hash, int row) {
    int mask = t.length - 1;
    int i = hash & mask;
    while (t[i] != 0) {
      i = (i + 1) & mask;
    }
    t[i] = row + 1;
  }

  private void grow() {
    int capacity =
        size < origins.length ? origins.length : size == 0 ? 1 : Math.max(4, size + (size >> 1));
    cells = Arrays.copyOf(cells, capacity * arity);
    origins = Arrays.copyOf(origins, capacity);
    if (table != null) {
      hashes = Arrays.copyOf(hashes, capacity);
      if (shared) {
        table = table.clone();
      }
    }
    shared = false;
  }

  /** The index over the given columns, if there is one. */
  @Nullable Index index(int[] columns) {
    for (Index i = indexes; i != null; i = i.next) {
      if (Arrays.equals(i.columns, columns)) {
        return i;
      }
    }
    return null;
  }

  /** Makes an empty index over the given columns. */
  Index addIndex(int[] columns) {
    indexes = new Index(columns, indexes);
    return indexes;
  }

  /** A row as a fact. */
  Fact fact(String name, int row) {
    int from = row * arity;
    return new Fact(new Predicate(name, List.of(Arrays.copyOfRange(cells, from, from + arity))));
  }
}
