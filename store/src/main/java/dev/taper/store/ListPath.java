package dev.taper.store;

import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Finds which stored lists, by their sequence numbers, a reader needs to get to the newest one. */
final class ListPath {
  private ListPath() {}

  /**
   * Finds the lists that lead from a sequence number to the newest: deltas, or a snapshot first.
   */
  static List<Long> behind(Connection connection, long sequence) throws SQLException {
    TreeMap<Long, Long> bases = new TreeMap<>();
    Sql.each(
        connection,
        "SELECT sequence, base FROM revocation_list ORDER BY sequence",
        row -> bases.put(row.getLong("sequence"), row.getLong("base")));
    long snapshot = 0;
    for (Map.Entry<Long, Long> list : bases.entrySet()) {
      snapshot = list.getValue() == 0 ? list.getKey() : snapshot;
    }
    bases.values().removeIf(base -> base == 0);
    long newest = Math.max(snapshot, bases.isEmpty() ? 0 : bases.lastKey());
    if (sequence >= newest) {
      return List.of();
    }
    List<Long> deltas = deltas(bases, sequence);
    boolean complete = !deltas.isEmpty() && deltas.get(deltas.size() - 1) == newest;
    if (sequence > 0 && complete) {
      return deltas;
    }
    List<Long> path = new ArrayList<>();
    path.add(snapshot);
    path.addAll(deltas(bases, snapshot));
    return path;
  }

  private static List<Long> deltas(NavigableMap<Long, Long> bases, long from) {
    List<Long> path = new ArrayList<>();
    long at = from;
    for (var delta : bases.tailMap(from, false).entrySet()) {
      if (delta.getValue() <= at) {
        path.add(delta.getKey());
        at = delta.getKey();
      }
    }
    return path;
  }
}
