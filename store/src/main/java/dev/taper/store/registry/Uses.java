package dev.taper.store.registry;

import dev.taper.agent.decision.DecisionEvent;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects chains and calls to be written together. Everything is written in one order (parents
 * before children, then by id), so that two processes never block each other. For one thread at a
 * time.
 */
final class Uses {
  /** The allowed calls of one tool. */
  private record Calls(long count, long first, long last) {
    Calls plus(Calls other) {
      return new Calls(
          count + other.count, Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  /** A tool of a delegation. */
  private record Tool(String delegation, String tool) implements Comparable<Tool> {
    private static final Comparator<Tool> ORDER =
        Comparator.comparing(Tool::delegation).thenComparing(Tool::tool);

    @Override
    public int compareTo(Tool other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<String, ChainRecord.Row> rows = new HashMap<>();
  private final TreeMap<Tool, Calls> calls = new TreeMap<>();
  private final TreeMap<String, Long> denials = new TreeMap<>();
  private int size; // of the rows

  /** Adds a chain. */
  void chain(ChainRecord chain) {
    chain.rows().forEach(this::add);
  }

  private void add(ChainRecord.Row row) {
    ChainRecord.Row before = rows.put(row.id(), row);
    size += row.size() - (before == null ? 0 : before.size());
  }

  /** Adds a call by a chain, of the tool if it was allowed. */
  void call(List<String> delegations, String tool, DecisionEvent event) {
    long now = event.time().toEpochMilli();
    for (String delegation : delegations) {
      if (event.decision().allowed()) {
        calls.merge(new Tool(delegation, tool), new Calls(1, now, now), Calls::plus);
      } else {
        denials.merge(delegation, 1L, Long::sum);
      }
    }
  }

  /** Adds everything from another one. */
  void add(Uses other) {
    other.rows.values().forEach(this::add);
    other.calls.forEach((tool, more) -> calls.merge(tool, more, Calls::plus));
    other.denials.forEach((delegation, more) -> denials.merge(delegation, more, Long::sum));
  }

  /** How many rows of the database it takes. */
  int size() {
    return size + calls.size() + denials.size();
  }

  /** Writes everything. */
  void write(Connection connection, Instant now) throws SQLException {
    List<ChainRecord.Row> changed = writeRows(connection, now);
    writeTools(connection, changed);
    writeStandsOn(connection, changed);
    writeDenials(connection);
    writeCalls(connection);
  }

  /** Writes the rows, and says which of them are new or changed. */
  private List<ChainRecord.Row> writeRows(Connection connection, Instant now) throws SQLException {
    List<ChainRecord.Row> changed = new ArrayList<>();
    List<ChainRecord.Row> ordered =
        rows.values().stream()
            .sorted(
                Comparator.comparingInt(ChainRecord.Row::level).thenComparing(ChainRecord.Row::id))
            .toList();
    // The row may be known, except for its root key.
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO delegation (id, parent, depth, delegator, grantor, holder, holder_key,"
                + " task, purpose, granted, root_key, fingerprint, ends_at, recorded_at, denied)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
                + " ON CONFLICT (id) DO UPDATE SET root_key = excluded.root_key"
                + " WHERE delegation.root_key IS NULL AND excluded.root_key IS NOT NULL")) {
      for (ChainRecord.Row row : ordered) {
        set(insert, row, now);
        insert.addBatch();
      }
      int[] changes = insert.executeBatch();
      for (int i = 0; i < changes.length; i++) {
        if (changes[i] > 0) {
          changed.add(ordered.get(i));
        }
      }
    }
    return changed;
  }

  private static void set(PreparedStatement insert, ChainRecord.Row row, Instant now)
      throws SQLException {
    PublicKey rootKey = row.rootKey();
    int i = 0;
    insert.setString(++i, row.id());
    insert.setString(++i, row.parent());
    insert.setInt(++i, row.depth());
    insert.setString(++i, row.delegator());
    insert.setString(++i, row.grantor());
    insert.setString(++i, row.holder());
    insert.setString(++i, row.holderKey().toString());
    insert.setString(++i, row.task());
    insert.setString(++i, row.purpose());
    insert.setString(++i, row.granted());
    insert.setString(++i, rootKey == null ? null : rootKey.toString());
    insert.setString(++i, row.fingerprint().toString());
    Sql.setMoment(insert, ++i, row.endsAt());
    insert.setLong(++i, now.toEpochMilli());
  }

  private static void writeTools(Connection connection, List<ChainRecord.Row> changed)
      throws SQLException {
    List<Object[]> tools = new ArrayList<>();
    for (ChainRecord.Row row : changed) {
      row.tools().forEach(tool -> tools.add(new Object[] {row.id(), tool}));
    }
    Sql.updateAll(
        connection,
        "INSERT INTO granted_tool (delegation, tool) VALUES (?, ?) ON CONFLICT DO NOTHING",
        tools);
  }

  private static void writeStandsOn(Connection connection, List<ChainRecord.Row> changed)
      throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    for (ChainRecord.Row row : changed) {
      Map<Fingerprint, Integer> all = new TreeMap<>();
      row.standsOn().forEach(fingerprint -> all.put(fingerprint, 0));
      if (row.lastHolder() != null) {
        all.put(row.lastHolder(), 1);
      }
      all.forEach(
          (fingerprint, alone) -> rows.add(new Object[] {fingerprint.toString(), row.id(), alone}));
    }
    Sql.updateAll(
        connection,
        "INSERT INTO stands_on (fingerprint, delegation, alone) VALUES (?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        rows);
  }

  private void writeDenials(Connection connection) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    denials.forEach((delegation, denied) -> rows.add(new Object[] {denied, delegation}));
    Sql.updateAll(connection, "UPDATE delegation SET denied = denied + ? WHERE id = ?", rows);
  }

  private void writeCalls(Connection connection) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    calls.forEach(
        (use, made) ->
            rows.add(
                new Object[] {
                  use.tool(), made.count(), made.first(), made.last(), use.delegation()
                }));
    // A delegation that was forgotten meanwhile stays forgotten.
    Sql.updateAll(
        connection,
        "INSERT INTO tool_use (delegation, tool, calls, first_at, last_at)"
            + " SELECT id, ?, ?, ?, ? FROM delegation WHERE id = ?"
            + " ON CONFLICT (delegation, tool) DO UPDATE SET"
            + " calls = tool_use.calls + excluded.calls,"
            + " first_at = CASE WHEN excluded.first_at < tool_use.first_at"
            + " THEN excluded.first_at ELSE tool_use.first_at END,"
            + " last_at = CASE WHEN excluded.last_at > tool_use.last_at"
            + " THEN excluded.last_at ELSE tool_use.last_at END",
        rows);
  }
}
