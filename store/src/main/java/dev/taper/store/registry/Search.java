package dev.taper.store.registry;

import dev.taper.agent.grant.ToolPattern;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** Looks up delegations. */
final class Search {
  /**
   * Selects delegations that depend on something revoked, or that lapsed because nobody certified
   * them by their review's date, and all that was handed on from them; but what falls alone takes
   * nothing along.
   */
  static final String DEAD =
      "WITH RECURSIVE revoked (id, alone) AS (SELECT s.delegation, s.alone FROM stands_on s JOIN"
          + " revocation r ON r.fingerprint = s.fingerprint WHERE r.ends_at IS NULL OR r.ends_at >="
          + " ?), fallen (id) AS (SELECT id FROM revoked WHERE alone = 0 UNION SELECT i.delegation"
          + " FROM review_item i JOIN review w ON w.id = i.review WHERE w.closed_at IS NULL AND"
          + " w.due_at <= ? AND i.verdict IS NULL UNION SELECT d.id FROM delegation d JOIN fallen"
          + " ON d.parent = fallen.id), dead (id) AS (SELECT id FROM fallen UNION SELECT id FROM"
          + " revoked) ";

  /** True of a delegation that is living. */
  static final String LIVING =
      "(d.ends_at IS NULL OR d.ends_at > ?) AND d.id NOT IN (SELECT id FROM dead)";

  /** True of a delegation on which no call was ever allowed. */
  static final String UNUSED = "NOT EXISTS (SELECT 1 FROM tool_use u WHERE u.delegation = d.id)";

  /** True of a delegation with a tool that was never called; as {@link Details} finds it. */
  static final String UNEXERCISED =
      "EXISTS (SELECT 1 FROM granted_tool g WHERE g.delegation = d.id AND NOT EXISTS (SELECT 1"
          + " FROM tool_use u WHERE u.delegation = d.id AND (g.tool = '*' OR g.tool = u.tool OR"
          + " (g.tool LIKE '%.*' AND substr(u.tool, 1, length(g.tool) - 1) ="
          + " substr(g.tool, 1, length(g.tool) - 1)))))";

  /** True of a delegation that is denied often, as {@link Delegated#isDeniedOften} says. */
  static final String DENIED =
      "d.denied >= "
          + Delegated.OFTEN
          + " AND d.denied * "
          + Delegated.OF_CALLS
          + " > (SELECT COALESCE(SUM(u.calls), 0) FROM tool_use u WHERE u.delegation = d.id)";

  /** What is read of a delegation. */
  static final String FIELDS =
      "SELECT d.id, d.parent, d.depth, d.delegator, d.grantor, d.holder, d.holder_key, d.task,"
          + " d.purpose, d.granted, d.root_key, d.fingerprint, d.ends_at, d.recorded_at, d.denied,"
          + " CASE WHEN d.id IN (SELECT id FROM dead) THEN 1 ELSE 0 END AS revoked";

  static final String COLUMNS = FIELDS + " FROM delegation d WHERE 1 = 1";

  private final Connection connection;
  private final Instant now;
  private final long datesUntil;

  private Search(Connection connection, Instant now, long datesUntil) {
    this.connection = connection;
    this.now = now;
    this.datesUntil = datesUntil;
  }

  Search(Connection connection, Instant now) {
    this(connection, now, now.toEpochMilli());
  }

  /** Makes a search in the state before the dates of reviews are applied. */
  static Search beforeDates(Connection connection, Instant now) {
    return new Search(connection, now, Long.MIN_VALUE);
  }

  List<Delegated> find(RegistryQuery query) throws SQLException {
    StringBuilder sql = new StringBuilder(DEAD).append(COLUMNS);
    List<Object> values = new ArrayList<>(dead());
    conditions(query, sql, values);
    sql.append(" ORDER BY d.delegator, d.task, d.depth, d.recorded_at, d.id");
    return run(sql.toString(), values);
  }

  /** What {@link #DEAD} asks for. */
  List<Object> dead() {
    return List.of(now.toEpochMilli(), datesUntil);
  }

  /** What {@link #LIVING} asks for. */
  Object present() {
    return now.toEpochMilli();
  }

  /** Adds the conditions of a query, with the values that they ask for. */
  void conditions(RegistryQuery query, StringBuilder sql, List<Object> values) {
    if (!query.dead) {
      sql.append(" AND ").append(LIVING);
      values.add(present());
    }
    sql.append(query.conditions);
    for (Object value : query.values) {
      values.add(value instanceof Duration time ? now.plus(time).toEpochMilli() : value);
    }
  }

  /**
   * Counts the living delegations that depend on something; empty if there is no delegation at all.
   */
  OptionalInt endedBy(Fingerprint fingerprint) throws SQLException {
    String ended =
        ", ended (id, alone) AS (SELECT delegation, alone FROM stands_on WHERE fingerprint = ?"
            + " UNION SELECT d.id, e.alone FROM delegation d JOIN ended e ON d.parent = e.id"
            + " WHERE e.alone = 0) ";
    return Sql.first(
            connection,
            DEAD.strip()
                + ended
                + "SELECT count(*), (SELECT count(*) FROM delegation) FROM delegation d"
                + " WHERE d.id IN (SELECT id FROM ended) AND d.id NOT IN (SELECT id FROM dead)"
                + " AND (d.ends_at IS NULL OR d.ends_at > ?)",
            row -> row.getLong(2) == 0 ? OptionalInt.empty() : OptionalInt.of(row.getInt(1)),
            now,
            datesUntil,
            fingerprint.toString(),
            now)
        .orElseThrow();
  }

  /** Finds the living delegations that fall with something, the first to end first. */
  List<Delegated> standingOn(Fingerprint fingerprint) throws SQLException {
    String standing =
        ", standing (id) AS (SELECT delegation FROM stands_on WHERE fingerprint = ? AND alone = 0"
            + " UNION SELECT d.id FROM delegation d JOIN standing s ON d.parent = s.id) ";
    List<Object> values = new ArrayList<>(dead());
    values.add(fingerprint.toString());
    values.add(present());
    return run(
        DEAD.strip()
            + standing
            + COLUMNS
            + " AND d.id IN (SELECT id FROM standing) AND "
            + LIVING
            + " ORDER BY CASE WHEN d.ends_at IS NULL THEN 1 ELSE 0 END, d.ends_at, d.id",
        values);
  }

  /**
   * Finds the ids of delegations that a revocation list ends: those it names, and those handed on
   * from there, unless they fall alone.
   */
  Set<String> endedBy(Revocations list) throws SQLException {
    return endedBy((List<Fingerprint> standsOn) -> list.check(standsOn, now).revoked() >= 0);
  }

  /**
   * Finds the ids of delegations that something ends, likewise.
   *
   * @param isRevoked whether any of these is revoked
   */
  Set<String> endedBy(Predicate<List<Fingerprint>> isRevoked) throws SQLException {
    Map<String, List<Fingerprint>> standsOn = standsOn(0);
    Set<String> ended = new HashSet<>();
    Sql.each(
        connection,
        "SELECT id, parent FROM delegation ORDER BY depth",
        row -> {
          String id = row.getString("id");
          String parent = row.getString("parent");
          if ((parent != null && ended.contains(parent))
              || isRevoked.test(standsOn.getOrDefault(id, List.of()))) {
            ended.add(id);
          }
        });
    standsOn(1)
        .forEach(
            (id, alone) -> {
              if (isRevoked.test(alone)) {
                ended.add(id);
              }
            });
    return ended;
  }

  /** Reads what each delegation falls with: alone, or with all that was handed on from it. */
  private Map<String, List<Fingerprint>> standsOn(int alone) throws SQLException {
    Map<String, List<Fingerprint>> standsOn = new HashMap<>();
    Sql.each(
        connection,
        "SELECT delegation, fingerprint FROM stands_on WHERE alone = ?",
        row ->
            standsOn
                .computeIfAbsent(row.getString("delegation"), id -> new ArrayList<>())
                .add(Fingerprint.parse(row.getString("fingerprint"))),
        alone);
    return standsOn;
  }

  /** Finds all that was revoked here, or lapsed. */
  Endings.Known known() throws SQLException {
    List<Fingerprint> revoked =
        Sql.list(
            connection,
            "SELECT fingerprint FROM revocation WHERE ends_at IS NULL OR ends_at >= ?",
            row -> Fingerprint.parse(row.getString(1)),
            now);
    List<String> lapsed =
        Sql.list(
            connection,
            "SELECT i.delegation FROM review_item i JOIN review w ON w.id = i.review"
                // A revocation that was lifted since does not count.
                + " WHERE (i.verdict = 'lapsed' AND EXISTS (SELECT 1 FROM delegation d"
                + " JOIN revocation r ON r.fingerprint = d.fingerprint WHERE d.id = i.delegation"
                + " AND (r.ends_at IS NULL OR r.ends_at >= ?)))"
                + " OR (w.closed_at IS NULL AND w.due_at <= ? AND i.verdict IS NULL)",
            row -> row.getString(1),
            now,
            now);
    Map<String, Fingerprint> blocks = new HashMap<>();
    Sql.each(
        connection,
        "SELECT id, fingerprint FROM delegation",
        row -> blocks.put(row.getString("id"), Fingerprint.parse(row.getString("fingerprint"))));
    return new Endings.Known(new HashSet<>(revoked), new HashSet<>(lapsed), blocks);
  }

  /** Makes something of a delegation, and of what else its row has. */
  interface Reader<T> {
    T read(ResultSet row, Delegated delegation) throws SQLException;
  }

  List<Delegated> run(String sql, List<Object> values) throws SQLException {
    return run(sql, values, (row, delegation) -> delegation);
  }

  <T> List<T> run(String sql, List<Object> values, Reader<T> reader) throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql);
        Details details = new Details(connection)) {
      Sql.set(select, values.toArray());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(reader.read(row, details.read(row)));
        }
      }
    }
    return found;
  }

  /** Reads the tools of each delegation, granted and called. */
  private static final class Details implements AutoCloseable {
    private final PreparedStatement granted;
    private final PreparedStatement used;

    Details(Connection connection) throws SQLException {
      granted =
          connection.prepareStatement(
              "SELECT tool FROM granted_tool WHERE delegation = ? ORDER BY tool");
      used =
          connection.prepareStatement(
              "SELECT tool, calls, last_at FROM tool_use WHERE delegation = ?");
    }

    Delegated read(ResultSet row) throws SQLException {
      String id = row.getString("id");
      List<String> tools = new ArrayList<>();
      granted.setString(1, id);
      try (ResultSet tool = granted.executeQuery()) {
        while (tool.next()) {
          tools.add(tool.getString("tool"));
        }
      }
      List<String> called = new ArrayList<>();
      long calls = 0;
      Instant last = null;
      used.setString(1, id);
      try (ResultSet use = used.executeQuery()) {
        while (use.next()) {
          called.add(use.getString("tool"));
          calls += use.getLong("calls");
          Instant at = Instant.ofEpochMilli(use.getLong("last_at"));
          last = last == null || at.isAfter(last) ? at : last;
        }
      }
      List<String> unexercised = new ArrayList<>(tools);
      unexercised.removeIf(pattern -> isCalled(pattern, called));
      Delegated.Parts found =
          new Delegated.Parts(
              id, row.getString("fingerprint"), Instant.ofEpochMilli(row.getLong("recorded_at")));
      found.parent = row.getString("parent");
      found.depth = row.getInt("depth");
      found.delegator = row.getString("delegator");
      found.grantor = row.getString("grantor");
      found.holder = row.getString("holder");
      found.holderKey = row.getString("holder_key");
      found.task = row.getString("task");
      found.purpose = row.getString("purpose");
      found.granted = row.getString("granted");
      found.rootKey = row.getString("root_key");
      found.endsAt = Sql.moment(row, "ends_at");
      found.calls = calls;
      found.denied = row.getLong("denied");
      found.lastCall = last;
      found.tools = List.copyOf(tools);
      found.unexercised = List.copyOf(unexercised);
      return new Delegated(found, row.getInt("revoked") != 0);
    }

    private static boolean isCalled(String pattern, List<String> called) {
      if (pattern.equals(ChainRecord.ANY_TOOL)) {
        return !called.isEmpty();
      }
      ToolPattern tools = new ToolPattern(pattern);
      for (String tool : called) {
        if (tools.matches(tool)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() throws SQLException {
      granted.close();
      used.close();
    }
  }
}
