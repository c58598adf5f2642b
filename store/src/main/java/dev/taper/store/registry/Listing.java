package dev.taper.store.registry;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.store.registry.Registry.Family;
import dev.taper.store.registry.Registry.Group;
import dev.taper.store.registry.Registry.Order;
import dev.taper.store.registry.Registry.Overview;
import dev.taper.store.registry.Registry.Page;
import dev.taper.store.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists delegations page by page, and counts them in the database. */
final class Listing {
  private static final int MAX_LIMIT = 1000;
  private static final String NO_HOLDER = "";

  /** No chain is as long. */
  private static final int MAX_CHAIN = 256;

  private final Connection connection;
  private final Instant now;
  private final Search search;

  Listing(Connection connection, Instant now) {
    this.connection = connection;
    this.now = now;
    this.search = new Search(connection, now);
  }

  Page page(RegistryQuery query, Order order, @Nullable String after, int limit)
      throws SQLException {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw invalid("a page has 1 to " + MAX_LIMIT + " delegations");
    }
    StringBuilder conditions = new StringBuilder();
    List<Object> values = new ArrayList<>(search.dead());
    search.conditions(query, conditions, values);
    long total = count(conditions.toString(), values);
    String column = "COALESCE(d." + order.column() + ", '" + NO_HOLDER + "')";
    if (after != null) {
      String[] place = place(after);
      conditions.append(" AND (").append(column).append(" > ? OR (").append(column);
      conditions.append(" = ? AND d.id > ?))");
      values.addAll(List.of(place[0], place[0], place[1]));
    }
    String sql =
        Search.DEAD
            + Search.COLUMNS
            + conditions
            + " ORDER BY "
            + column
            + ", d.id LIMIT "
            + (limit + 1);
    List<Delegated> found = search.run(sql, values);
    boolean isEnd = found.size() <= limit;
    List<Delegated> page = isEnd ? found : found.subList(0, limit);
    return new Page(page, isEnd ? null : place(order, page.get(limit - 1)), total);
  }

  private long count(String conditions, List<Object> values) throws SQLException {
    String sql = Search.DEAD + "SELECT count(*) FROM delegation d WHERE 1 = 1" + conditions;
    return Sql.number(connection, sql, values.toArray());
  }

  private static String place(Order order, Delegated last) {
    String group =
        switch (order) {
          case DELEGATOR -> last.delegator();
          case HOLDER -> Objects.requireNonNullElse(last.holder(), NO_HOLDER);
          case TASK -> last.task();
        };
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((last.id() + group).getBytes(StandardCharsets.UTF_8));
  }

  private static String[] place(String text) {
    try {
      String place = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      if (place.length() >= 64 && place.indexOf(0) < 0) {
        return new String[] {place.substring(64), place.substring(0, 64)};
      }
    } catch (IllegalArgumentException e) {
      // It is none.
    }
    throw invalid("no page ended there");
  }

  @Nullable Family family(String id) throws SQLException {
    List<Delegated> chain = new ArrayList<>();
    String next = id;
    while (next != null && chain.size() < MAX_CHAIN) {
      List<Delegated> found = where(" AND d.id = ?", next);
      next = found.isEmpty() ? null : found.get(0).parent();
      chain.addAll(0, found);
    }
    if (chain.isEmpty()) {
      return null;
    }
    return new Family(
        chain,
        where(" AND d.parent = ? ORDER BY d.recorded_at, d.id LIMIT " + Family.MAX_HANDED_ON, id));
  }

  private List<Delegated> where(String condition, String value) throws SQLException {
    List<Object> values = new ArrayList<>(search.dead());
    values.add(value);
    return search.run(Search.DEAD + Search.COLUMNS + condition, values);
  }

  Overview overview(Duration soon) throws SQLException {
    String sql =
        Search.DEAD
            + "SELECT count(*), "
            + number(Search.UNUSED)
            + ", "
            + number(Search.UNEXERCISED)
            + ", "
            + number(Search.DENIED)
            + ", "
            + number("d.ends_at <= ?")
            + " FROM delegation d WHERE "
            + Search.LIVING;
    List<Object> values = new ArrayList<>(search.dead());
    values.add(now.plus(soon).toEpochMilli());
    values.add(search.present());
    return Sql.first(
            connection,
            sql,
            row ->
                new Overview(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
            values.toArray())
        .orElseThrow();
  }

  private static String number(String condition) {
    return "COALESCE(SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)";
  }

  /** Groups the living by a column of ours. */
  List<Group> groups(String column, int limit) throws SQLException {
    String sql =
        Search.DEAD
            + "SELECT d."
            + column
            + ", count(*) FROM delegation d WHERE "
            + Search.LIVING
            + " AND d."
            + column
            + " IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?";
    List<Object> values = new ArrayList<>(search.dead());
    values.add(search.present());
    values.add(limit);
    return Sql.list(
        connection, sql, row -> new Group(row.getString(1), row.getLong(2)), values.toArray());
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
