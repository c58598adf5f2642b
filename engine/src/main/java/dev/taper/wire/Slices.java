package dev.taper.wire;

import java.util.Arrays;

/**
 * Notes messages for later, without an object for each.
 *
 * <p>Not thread-safe.
 */
final class Slices {
  private static final int[] NOTHING = {};

  /** The places where each message begins and ends. */
  private int[] bounds = NOTHING;

  private int size;

  /** Notes a message. */
  void add(ProtoReader.Slice slice) {
    if (2 * size == bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(8, 4 * size));
    }
    bounds[2 * size] = slice.from();
    bounds[2 * size + 1] = slice.to();
    size++;
  }

  /** Forgets the noted messages. */
  void clear() {
    size = 0;
  }

  /** Returns the message noted at a place. */
  ProtoReader.Slice get(int index) {
    return new ProtoReader.Slice(bounds[2 * index], bounds[2 * index + 1]);
  }

  /** The number of messages. */
  int size() {
    return size;
  }
}
