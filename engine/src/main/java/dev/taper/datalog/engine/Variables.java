package dev.taper.datalog.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slots of one query by name: those of its variables, then those of the parameters that
 * are in scope where an expression is compiled. Slots are numbered from 0, and no name occurs
 * twice.
 *
 * <p>Nearly every query has only a few names, which are compared one by one: a new token is
 * compiled while its request waits, and making a hash table would cost more. From {@value #FEW}
 * names on there is a hash table, so that a look-up takes constant time however many names a sender
 * writes.
 */
final class Variables {
  private static final int FEW = 8;

  private String[] names = new String[4];
  private int size;
  private @Nullable Map<String, Integer> slots; // made for many

  /** The number of slots that are taken. */
  int size() {
    return size;
  }

  /** Returns the slot of a name, or -1. */
  int find(String name) {
    if (slots != null) {
      return slots.getOrDefault(name, -1);
    }
    for (int slot = 0; slot < size; slot++) {
      if (names[slot].equals(name)) {
        return slot;
      }
    }
    return -1;
  }

  /** Gives a new name the next slot. */
  int add(String name) {
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
    }
    names[size] = name;
    if (slots != null) {
      slots.put(name, size);
    } else if (size == FEW) {
      slots = new HashMap<>();
      for (int slot = 0; slot <= size; slot++) {
        slots.put(names[slot], slot);
      }
    }
    return size++;
  }

  /** Forgets the name that was added last. */
  void removeLast() {
    size--;
    if (slots != null) {
      slots.remove(names[size]);
    }
  }
}
