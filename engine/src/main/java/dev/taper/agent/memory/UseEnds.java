package dev.taper.agent.memory;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells which rows of a {@link UseIndex} have ended. Rows that end in the same second form a group,
 * and each knows its neighbours there. Not thread-safe.
 */
final class UseEnds {
  /** Uses that end in the same group leave together, so that there are few groups. */
  private static final long GROUP_MILLIS = 1000;

  private static final int NONE = UseRows.NONE;

  /** What ends in one second: not empty. */
  private static final class Group {
    final long second;
    int first = NONE;

    Group(long second) {
      this.second = second;
    }
  }

  private final UseRows rows;
  private final TreeMap<Long, Group> groups = new TreeMap<>();
  private @Nullable Group recent; // the next row is most often of the same

  UseEnds(UseRows rows) {
    this.rows = rows;
  }

  /** Adds a row that has its end. */
  void add(int row) {
    Group group = groupOf(row);
    rows.set(UseRows.BEFORE, row, NONE);
    rows.set(UseRows.BEHIND, row, group.first);
    if (group.first != NONE) {
      rows.set(UseRows.BEFORE, group.first, row);
    }
    group.first = row;
  }

  /** Takes a row away, before it gets another end or leaves. */
  void remove(int row) {
    int before = rows.get(UseRows.BEFORE, row);
    int behind = rows.get(UseRows.BEHIND, row);
    if (behind != NONE) {
      rows.set(UseRows.BEFORE, behind, before);
    }
    if (before != NONE) {
      rows.set(UseRows.BEHIND, before, behind);
    } else {
      Group group = groupOf(row);
      group.first = behind;
      if (behind == NONE) {
        groups.remove(group.second);
        recent = null;
      }
    }
  }

  /** Takes note that a row has another number. */
  void moved(int to) {
    int before = rows.get(UseRows.BEFORE, to);
    int behind = rows.get(UseRows.BEHIND, to);
    if (behind != NONE) {
      rows.set(UseRows.BEFORE, behind, to);
    }
    if (before != NONE) {
      rows.set(UseRows.BEHIND, before, to);
    } else {
      groupOf(to).first = to;
    }
  }

  /**
   * A row of the first group, if everything in that has ended; {@link UseRows#NONE} otherwise.
   *
   * @param now milliseconds since 1970
   */
  int ended(long now) {
    if (groups.isEmpty()) {
      return NONE;
    }
    Long second = groups.firstKey();
    Group group = second < second(now) ? groups.get(second) : null;
    return group == null ? NONE : group.first;
  }

  private Group groupOf(int row) {
    long second = second(rows.until(row));
    Group group = recent;
    if (group == null || group.second != second) {
      group = groups.computeIfAbsent(second, Group::new);
      recent = group;
    }
    return group;
  }

  private static long second(long millis) {
    return Math.floorDiv(millis, GROUP_MILLIS);
  }
}
