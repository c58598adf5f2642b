package dev.taper.datalog.engine;

import java.util.Arrays;

/**
 * Numbers predicates from 0 in the order of appearance; name and arity tell them apart. It is an
 * open-addressing hash table with linear probing: looking up allocates nothing. After compiling it
 * does not change, and is thread-safe.
 */
final class PredicateTable {
  private String[] names;
  private int[] arities;
  private int[] ids; // number + 1 by hash; 0 is free
  private int size;
  private boolean borrowed; // whether the arrays are another table's

  PredicateTable() {
    names = new String[8];
    arities = new int[8];
    ids = new int[16];
  }

  private PredicateTable(PredicateTable base) {
    names = base.names;
    arities = base.arities;
    ids = base.ids;
    size = base.size;
    borrowed = true;
  }

  /** Returns a table that can grow beyond this one and does not change it. */
  PredicateTable copy() {
    return new PredicateTable(this);
  }

  int size() {
    return size;
  }

  String name(int id) {
    return names[id];
  }

  int arity(int id) {
    return arities[id];
  }

  /** Returns the number of a predicate, or -1. */
  int find(String name, int arity) {
    int mask = ids.length - 1;
    for (int i = slot(name, arity, mask); ; i = (i + 1) & mask) {
      int id = ids[i] - 1;
      if (id < 0 || (arities[id] == arity && names[id].equals(name))) {
        return id;
      }
    }
  }

  /** Returns the number of a predicate, a new one if need be. */
  int add(String name, int arity) {
    int found = find(name, arity);
    return found >= 0 ? found : append(name, arity);
  }

  /**
   * Gives a predicate a new number; if it has one already, {@link #find} returns only the old one.
   */
  int append(String name, int arity) {
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      arities = Arrays.copyOf(arities, 2 * size);
      ids = new int[4 * size];
      for (int id = 0; id < size; id++) {
        place(id);
      }
    } else if (borrowed) {
      names = names.clone();
      arities = arities.clone();
      ids = ids.clone();
    }
    borrowed = false;
    names[size] = name;
    arities[size] = arity;
    place(size);
    return size++;
  }

  private void place(int id) {
    int mask = ids.length - 1;
    int i = slot(names[id], arities[id], mask);
    while (ids[i] != 0) {
      i = (i + 1) & mask;
    }
    ids[i] = id + 1;
  }

  private static int slot(String name, int arity, int mask) {
    int h = (name.hashCode() + arity) * 0x9E3779B9;
    return (h ^ h >>> 16) & mask;
  }
}
