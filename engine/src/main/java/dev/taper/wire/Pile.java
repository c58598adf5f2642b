package dev.taper.wire;

import java.util.Arrays;
import java.util.List;

/**
 * Holds the elements of lists that are being read, those of the innermost list on top. A block is
 * full of lists of one to three elements: each is made once, at its size, and no list has to grow.
 *
 * <p>Not thread-safe.
 *
 * @param <T> the type of the elements
 */
final class Pile<T> {
  private static final Object[] NOTHING = {};

  private Object[] elements = NOTHING;
  private int size;

  /** Returns the number of elements, at which a new list begins. */
  int size() {
    return size;
  }

  /** Puts an element on top. */
  void push(T element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, Math.max(4, size * 2));
    }
    elements[size++] = element;
  }

  /** Takes the list that began at a given size off the pile; it is immutable. */
  @SuppressWarnings("unchecked")
  List<T> take(int from) {
    int count = size - from;
    size = from;
    return switch (count) {
      case 0 -> List.of();
      case 1 -> List.of((T) elements[from]);
      case 2 -> List.of((T) elements[from], (T) elements[from + 1]);
      case 3 -> List.of((T) elements[from], (T) elements[from + 1], (T) elements[from + 2]);
      default -> List.of((T[]) Arrays.copyOfRange(elements, from, from + count));
    };
  }
}
