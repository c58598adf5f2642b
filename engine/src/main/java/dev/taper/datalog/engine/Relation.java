package dev.taper.datalog.engine;

import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one predicate, distinct by origin and terms, in the order they were added.
 *
 * <p>Rows lie one after the other: a fact costs its terms' references, and eight bytes if not all
 * rows have one origin, but no object. Terms are in pages of {@value #PAGE} rows, because a
 * collector takes an array of megabytes for an old object: it makes room by collecting, storing a
 * reference in it takes a memory barrier, and only marking the whole heap finds out that nobody
 * needs it. In one array each fact of a large relation would cost a fifth more. Up to {@value
 * #SMALL} rows, a new row is compared with all, which is faster than hashing and saves a small
 * request the table. Beyond that, a hash table with linear probing finds equal rows. An entry is a
 * row's number in as many bits as the table's size needs, and above it the bits of the hash that do
 * not choose the place: a new fact, the usual case, touches one cache line of the table and no
 * other row. At most half of the table is used, and it grows fourfold: most of the cost of a new
 * fact is branches that no processor can predict, and fewer collisions and moves mean fewer of
 * these. Adding takes expected constant time. Senders can cause collisions, so each one is charged
 * a step.
 *
 * <p>A program's relations are shared between threads and never change; a world works on {@link
 * #copy copies}, which share the arrays until a row is added.
 */
final class Relation {
  private static final int SMALL = 8;

  /** How many rows of terms are in a page. */
  private static final int PAGE = 1 << 12;

  private static final int SHIFT = 12;
  private static final int LAST = PAGE - 1;

  private static final Term[][] NO_PAGES = {};
  private static final int[] NO_HASHES = {};

  /** Empty relations by arity. */
  private static final Relation[] EMPTY = {
    new Relation(0), new Relation(1), new Relation(2), new Relation(3), new Relation(4)
  };

  final int arity;
  int size;

  private Term[] cells; // of the first page
  private Term[][] pages; // the cells of all pages, as soon as there are several

  private int capacity; // 0 if the arrays belong to another relation, too
  private long firstOrigin;
  private long @Nullable [] origins; // null while all rows have the first one
  private int @Nullable [] table; // row + 1 and the upper bits of its hash; 0 is free
  private int[] hashes; // by row, as soon as there is a table
  private @Nullable Index indexes;

  Relation(int arity) {
    this.arity = arity;
    this.cells = BlockProgram.NO_TERMS;
    this.pages = NO_PAGES;
    this.hashes = NO_HASHES;
  }

  private Relation(Relation base) {
    this.arity = base.arity;
    this.cells = base.cells;
    this.pages = base.pages;
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

  /** Returns the terms of a row's page, in which the row begins at {@link #at}. */
  Term[] page(int row) {
    return row < PAGE ? cells : pages[row >>> SHIFT];
  }

  /** Returns the place of a row's first term in its page. */
  int at(int row) {
    return (row & LAST) * arity;
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
    return add(origin, row, hash(origin, row, 0, budget), budget);
  }

  /** Adds a fact of a known hash, to a relation of more than {@value #SMALL} rows. */
  boolean add(long origin, Term[] row, int hash, Budget budget) {
    int[] t = table();
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
    table()[at] = (hash & ~mask) | size; // append may have made a copy of the table
    if (2 * size > t.length) {
      table = newTable(4 * t.length);
    }
    return true;
  }

  /** Adds those facts of another relation that are new here and have only the given origins. */
  void addAll(Relation other, long origins, Budget budget) {
    for (int r = 0; r < other.size; r++) {
      if ((other.origin(r) & ~origins) == 0) {
        add(other.origin(r), other.terms(r), budget);
      }
    }
  }

  /** True if a row exists and is this fact. */
  boolean isRow(int r, long origin, Term[] row, Budget budget) {
    if (r >= size || origin(r) != origin) {
      return false;
    }
    Term[] page = page(r);
    for (int c = 0, at = at(r); c < arity; c++) {
      if (!Values.same(page[at + c], row[c], budget)) {
        return false;
      }
    }
    return true;
  }

  /** Returns what is at the place of a hash, in the table of more than {@value #SMALL} rows. */
  int entry(int hash) {
    int[] t = table();
    return t[hash & (t.length - 1)];
  }

  private int[] table() {
    return Objects.requireNonNull(table);
  }

  int hash(long origin, Term[] terms, int from, Budget budget) {
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
    Term[] page = page(size);
    for (int c = 0, at = at(size); c < arity; c++) {
      page[at + c] = row[c];
    }
    size++;
  }

  private void grow() {
    if (capacity == 0 && table != null) {
      table = table.clone();
    }
    capacity = size == 0 ? 1 : Math.max(4, 2 * size);
    if (capacity <= PAGE) {
      cells = Arrays.copyOf(cells, capacity * arity);
    } else {
      addPages();
    }
    if (origins != null) {
      origins = Arrays.copyOf(origins, capacity);
    }
    if (table != null) {
      hashes = Arrays.copyOf(hashes, capacity);
    }
  }

  /** Makes pages for the rows to come. Full ones may belong to other relations, too. */
  private void addPages() {
    Term[][] all = Arrays.copyOf(pages, (capacity + LAST) >>> SHIFT);
    all[0] = cells;
    int used = (size + LAST) >>> SHIFT;
    if ((size & LAST) != 0) {
      all[used - 1] = Arrays.copyOf(all[used - 1], PAGE * arity);
    }
    for (int i = used; i < all.length; i++) {
      all[i] = new Term[PAGE * arity];
    }
    pages = all;
    cells = all[0];
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
    return new Fact(new Predicate(name, List.of(terms(row))));
  }

  private Term[] terms(int row) {
    int from = at(row);
    return Arrays.copyOfRange(page(row), from, from + arity);
  }
}
