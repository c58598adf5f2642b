package dev.taper.operations.findings;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last events of one kind, each with its time and an id, so that what happened once counts once
 * however often it is shown. At most {@link #MAX}: what comes beyond takes the oldest one's place,
 * so the count stays at the most that any limit can ask for. For one thread.
 */
final class Recent {
  /** The most that is counted. */
  static final int MAX = 64;

  private static final int FIRST = 8;

  private long[] times = new long[FIRST];
  private long[] ids = new long[FIRST];
  private final Sight @Nullable [] ways;
  private int first;
  private int size;

  /**
   * Makes an empty one.
   *
   * @param isByWay true to keep by which chain each came
   */
  Recent(boolean isByWay) {
    this.ways = isByWay ? new Sight[MAX] : null;
  }

  /**
   * Adds an event, unless it is there.
   *
   * @param now its time, in milliseconds
   * @param window how long it counts, in milliseconds
   * @param id what it is known by
   * @param sight the chain that it came by
   * @return false if it was there already
   */
  boolean add(long now, long window, long id, Sight sight) {
    forget(now, window);
    for (int i = 0; i < size; i++) {
      if (ids[at(i)] == id) {
        return false;
      }
    }
    append(now, id, sight);
    return true;
  }

  /** Adds an event, though one like it may be there. */
  void addAlike(long now, long window, long id, Sight sight) {
    forget(now, window);
    append(now, id, sight);
  }

  private void append(long now, long id, Sight sight) {
    if (size == MAX) {
      first = at(1);
      size--;
    } else if (size == times.length) {
      grow();
    }
    int last = at(size);
    times[last] = now;
    ids[last] = id;
    if (ways != null) {
      ways[last] = sight;
    }
    size++;
  }

  /** Until it is full, the oldest one stands where the last one forgotten stood. */
  private void grow() {
    long[] oldTimes = times;
    long[] oldIds = ids;
    Sight[] oldWays = ways == null ? new Sight[0] : ways.clone();
    times = new long[size * 2];
    ids = new long[size * 2];
    for (int i = 0; i < size; i++) {
      int from = (first + i) % size;
      times[i] = oldTimes[from];
      ids[i] = oldIds[from];
      if (ways != null) {
        ways[i] = oldWays[from];
      }
    }
    first = 0;
  }

  private int at(int index) {
    return first + index & times.length - 1; // there is room for a power of two
  }

  private void forget(long now, long window) {
    while (size > 0 && times[first] <= now - window) {
      first = at(1);
      size--;
    }
  }

  /** How many there are. */
  int count(long now, long window) {
    forget(now, window);
    return size;
  }

  /** How many there are like the last one. */
  int countAlike(long now, long window) {
    forget(now, window);
    int alike = 0;
    for (int i = 0; i < size; i++) {
      alike += ids[at(i)] == ids[at(size - 1)] ? 1 : 0;
    }
    return alike;
  }

  /**
   * The deepest block by which more than half of the events came.
   *
   * @return where it is; null if nothing was kept of how they came
   */
  @Nullable Place most() {
    if (ways == null || size == 0) {
      return null;
    }
    Place deepest = new Place(way(size - 1), 0);
    while (true) {
      Place deeper = beyond(deepest);
      if (deeper == null) {
        return deepest;
      }
      deepest = deeper;
    }
  }

  /** One block deeper, where more than half still go; null if that is nowhere. */
  private @Nullable Place beyond(Place place) {
    int block = place.block() + 1;
    for (int i = size - 1; i >= 0; i--) {
      Sight candidate = way(i);
      if (candidate.path().length > block && through(candidate.path()[block], block) * 2 > size) {
        return new Place(candidate, block);
      }
    }
    return null;
  }

  private int through(long digest, int block) {
    int through = 0;
    for (int i = 0; i < size; i++) {
      long[] path = way(i).path();
      through += path.length > block && path[block] == digest ? 1 : 0;
    }
    return through;
  }

  private Sight way(int index) {
    return Objects.requireNonNull(Objects.requireNonNull(ways)[at(index)]);
  }

  /**
   * A block of a chain.
   *
   * @param sight the chain
   * @param block its index
   */
  record Place(Sight sight, int block) {}
}
