package dev.taper.store.registry;

import dev.taper.store.registry.Reviews.Summary;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lists reviews page by page, as their dates leave them: what {@link Reviews#get} says of a review
 * with few items, at the cost of those that are shown.
 */
final class ReviewPages {
  private static final String OPEN = "open";

  /** The state of an item before the dates of reviews are applied. */
  private static final String STATE =
      "CASE WHEN i.verdict IS NOT NULL THEN i.verdict WHEN "
          + Search.LIVING
          + " THEN 'open' ELSE 'ended' END";

  private final Connection connection;
  private final Instant now;
  private final Search present;
  private final Search beforeDates;

  ReviewPages(Connection connection, Instant now) {
    this.connection = connection;
    this.now = now;
    this.present = new Search(connection, now);
    this.beforeDates = Search.beforeDates(connection, now);
  }

  /** True if what nobody certified has lapsed, whether or not that was written down. */
  private boolean isOver(Summary review) {
    return review.closedAt() == null && !review.dueAt().isAfter(now);
  }

  /** What lapses by a review's own date is living for it until then; other dates have passed. */
  private Search search(Summary review) {
    return isOver(review) ? beforeDates : present;
  }

  List<Summary> summaries(int before, int limit) throws SQLException {
    List<Summary> reviews =
        Sql.list(
            connection,
            "SELECT * FROM review WHERE id < ? ORDER BY id DESC LIMIT ?",
            row ->
                new Summary(
                    row.getInt("id"),
                    row.getString("title"),
                    row.getString("started_by"),
                    Instant.ofEpochMilli(row.getLong("started_at")),
                    Instant.ofEpochMilli(row.getLong("due_at")),
                    Sql.moment(row, "closed_at"),
                    Map.of()),
            before,
            limit);
    List<Summary> counted = new ArrayList<>();
    for (Summary review : reviews) {
      counted.add(counted(review));
    }
    return counted;
  }

  private Summary counted(Summary review) throws SQLException {
    Map<String, Long> states = new TreeMap<>();
    String sql =
        Search.DEAD
            + "SELECT "
            + STATE
            + ", count(*) FROM review_item i JOIN delegation d ON d.id = i.delegation"
            + " WHERE i.review = ? GROUP BY 1";
    Search search = search(review);
    List<Object> values = new ArrayList<>(search.dead());
    values.add(search.present());
    values.add(review.id());
    Sql.each(
        connection,
        sql,
        row -> {
          String state = row.getString(1);
          boolean lapsed = state.equals(OPEN) && isOver(review);
          states.merge(
              lapsed ? ReviewDecision.LAPSED.text() : state, row.getLong(2), Math::addExact);
        },
        values.toArray());
    return new Summary(
        review.id(),
        review.title(),
        review.startedBy(),
        review.startedAt(),
        review.dueAt(),
        review.closedAt(),
        states);
  }

  List<ReviewItem> items(int id, boolean onlyOpen, int after, int limit) throws SQLException {
    List<Summary> found = summaries(id + 1, 1);
    if (found.isEmpty() || found.get(0).id() != id) {
      return List.of();
    }
    Summary review = found.get(0);
    if (onlyOpen && isOver(review)) {
      return List.of();
    }
    Search search = search(review);
    StringBuilder sql =
        new StringBuilder(Search.DEAD)
            .append("SELECT i.* FROM review_item i JOIN delegation d ON d.id = i.delegation")
            .append(" WHERE i.review = ? AND i.item > ?");
    List<Object> values = new ArrayList<>(search.dead());
    values.add(id);
    values.add(after);
    if (onlyOpen) {
      sql.append(" AND i.verdict IS NULL AND ").append(Search.LIVING);
      values.add(search.present());
    }
    sql.append(" ORDER BY i.item LIMIT ?");
    values.add(limit);
    return Sql.list(connection, sql.toString(), row -> item(search, review, row), values.toArray());
  }

  private ReviewItem item(Search search, Summary review, ResultSet row) throws SQLException {
    List<Object> values = new ArrayList<>(search.dead());
    values.add(row.getString("delegation"));
    Delegated delegation =
        search.run(Search.DEAD + Search.COLUMNS + " AND d.id = ?", values).get(0);
    ReviewItem item = ReviewItem.of(row, delegation);
    return item.isOpen(now) && isOver(review) ? item.lapsedAt(review.dueAt()) : item;
  }
}
