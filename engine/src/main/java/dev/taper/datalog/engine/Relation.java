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
 * <p>Rows lie one after the other in one array: a fact costs its terms' references, and eight bytes
 * if not all rows have one origin, but no object. Up to {@value #SMALL} rows, a new row is compared
 * with all, which is faster than hashing and saves a small request the table. Beyond that, a hash
 * table with linear probing finds equal rows. An entry is a row's number in as many bits as the
 * table's size needs, and above it the bits of the hash that do not choose the place: a new fact,
 * the usual case, touches one cache line of the table and no other row. At most half of the table
 * is used, and it grows fourfold: most of the cost of a new fact is branches that no processor can
 * predict, and fewer collisions and moves mean fewer of these. Adding takes expected constant time.
 * Senders can cause collisions, so each one is charged a step.
 *
 * <p>A program's relations are shared between threads and never change; a world works on {@link
 * #copy copies}, which share the arrays until a row is added.
 */
final class Relation {
  private static final int SMALL = 8;

  private static final int[] NO_HASHES = {};

  /** Empty relations by arity. */
  private static final Relation[] EMPTY = {
    new Relation(0), new Relation(1), new Relation(2), new Relation(3), new Relation(4)
  };

  final int arity;
  Term[] cells;
  int size;

  private int capacity; // 0 if the arrays belong to another relation, too
  private long firstOrigin;
  private long @Nullable [] origins; // null while all rows have the first one
  private int @Nullable [] table; // row + 1 and the upper bits of its hash; 0 is free
  private int[] hashes; // by row, as soon as there is a table
  private @Nullable Index indexes;

  Relation(int arity) {
    this.arity = arity;
    this.cells = BlockProgram.NO_TERMS;
    this.hashes = NO_HASHES;
  }

  private Relation(Relation base) {
    this.arity = base.arity;
    this.cells = base.cells;
    this.size = base.size;
    this.firstOrigin = base.firstOrigin;
    this.origins = base.origins;
    this.table = base.table;
    this.hashes = base.hashes;
  }

  /** Returns a relation without facts that must not be changed; the usual ones are made once. */
  static Relation empty(int arity) {
    return arity < EMPTY.length ? EMPTY[arity] : new Relation(arity);
  }

  /** Returns a relation that can be changed without changing this one. */
  Relation copy() {
    return new Relation(this);
  }

  long origin(int row) {
    return origins == null ? firstOrigin : origins[row];
  }

  /** Adds a fact unless it is already there; the terms are copied out of the row. */
  boolean add(long origin, Term[] row, Budget budget) {
    if (size < SMALL) {
      for (int r = 0; r < size; r++) {
        if (isRow(r, origin, row, budget)) {
          return false;
        }
      }
      append(origin, row);
      return true;
    }
    if (table == null) {
      hashes = new int[Math.max(size, capacity)];
      for (int r = 0; r < size; r++) {
        hashes[r] = hash(origin(r), cells, r * arity, budget);
      }
      table = newTable(Integer.highestOneBit(size) * 4);
    }
    int[] t = table;
    int hash = hash(origin, row, 0, budget);
    int mask = t.length - 1;
    int at = hash & mask;
    for (; t[at] != 0; at = (at + 1) & mask) {
      budget.charge(1);
      if (((t[at] ^ hash) & ~mask) == 0 && isRow((t[at] & mask) - 1, origin, row, budget)) {
        return false;
      }
    }
    append(origin, row);
    hashes[size - 1] = hash;
    table[at] = (hash & ~mask) | size; // append may have made a copy of the table
    if (2 * size > table.length) {
      table = newTable(4 * table.length);
    }
    return true;
  }

  /** Adds those facts of another relation that are new here and have only the given origins. */
  void addAll(Relation other, long origins, Budget budget) {
    for (int r = 0; r < other.size; r++) {
      if ((other.origin(r) & ~origins) == 0) {
        int from = r * arity;
        add(other.origin(r), Arrays.copyOfRange(other.cells, from, from + arity), budget);
      }
    }
  }

  /** True if a row exists and is this fact. */
  boolean isRow(int r, long origin, Term[] row, Budget budget) {
    if (r >= size || origin(r) != origin) {
      return false;
    }
    for (int c = 0, at = r * arity; c < arity; c++) {
      if (!Values.same(cells[at + c], row[c], budget)) {
        return false;
      }
    }
    return true;
  }

  private int hash(long origin, Term[] terms, int from, Budget budget) {
    int h = Long.hashCode(origin);
    for (int c = from; c < from + arity; c++) {
      h = Values.mix(h, terms[c], budget);
    }
    return Values.spread(h);
  }

  /** Makes a table of all rows. */
  private int[] newTable(int length) {
    int[] t = new int[length];
    int mask = length - 1;
    for (int r = 0; r < size; r++) {
      int at = hashes[r] & mask;
      while (t[at] != 0) {
        at = (at + 1) & mask;
      }
      t[at] = (hashes[r] & ~mask) | (r + 1);
    }
    return t;
  }

  private void append(long origin, Term[] row) {
    if (size >= capacity) {
      grow();
    }
    if (size == 0) {
      firstOrigin = origin;
    } else if (origins == null && origin != firstOrigin) {
      origins = new long[capacity];
      Arrays.fill(origins, 0, size, firstOrigin);
    }
    if (origins != null) {
      origins[size] = origin;
    }
    for (int c = 0, at = size * arity; c < arity; c++) {
      cells[at + c] = row[c];
    }
    size++;
  }

  private void grow() {
    if (capacity == 0 && table != null) {
      table = table.clone();
    }
    capacity = size == 0 ? 1 : Math.max(4, 2 * size);
    cells = Arrays.copyOf(cells, capacity * arity);
    if (origins != null) {
      origins = Arrays.copyOf(origins, capacity);
    }
    if (table != null) {
      hashes = Arrays.copyOf(hashes, capacity);
    }
  }

  /** Returns the index of one side over the given columns, if there is one. */
  @Nullable Index index(int[] columns, boolean service) {
    for (Index i = indexes; i != null; i = i.next) {
      if (i.service == service && (i.columns == columns || Arrays.equals(i.columns, columns))) {
        return i;
      }
    }
    return null;
  }

  /** Makes an empty index over the given columns. */
  Index addIndex(int[] columns, boolean service) {
    indexes = new Index(columns, service, indexes);
    return indexes;
  }

  /** Returns a row as a fact. */
  Fact fact(String name, int row) {
    int from = row * arity;
    return new Fact(new Predicate(name, List.of(Arrays.copyOfRange(cells, from, from + arity))));
  }
}
