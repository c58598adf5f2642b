package dev.taper.datalog.engine;

import java.util.Arrays;

/**
 * Numbers predicates, which are told apart by name and arity, from 0 in the order of appearance. An
 * open-addressing hash table with linear probing: looking up allocates nothing. Not changed after
 * compiling, and thread-safe then.
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

  /** A table that can grow beyond this one, which it leaves alone. */
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

  /** The number of a predicate, or -1. */
  int find(String name, int arity) {
    int mask = ids.length - 1;
    for (int i = slot(name, arity, mask); ; i = (i + 1) & mask) {
      int id = ids[i] - 1;
      if (id < 0 || (arities[id] == arity && names[id].equals(name))) {
        return id;
      }
    }
  }

  /** The number of a predicate, a new one if need be. */
  int add(String name, int arity) {
    int found = find(name, arity);
    return found >= 0 ? found : append(name, arity);
  }

  /** A new number for a predicate; if it has one already, only that one is found. */
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
