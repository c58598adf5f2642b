package dev.taper.store.registry;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.store.registry.Reviews.Summary;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads reviews as their dates leave them, whether or not a date was applied in the database: whole
 * ones, and page by page, at the cost of those that are shown.
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
    List<Summary> counted = new ArrayList<>();
    for (Summary review : reviews("id < ? ORDER BY id DESC LIMIT ?", before, limit)) {
      counted.add(counted(review));
    }
    return counted;
  }

  /** Reviews without what their items are like. */
  private List<Summary> reviews(String where, Object... values) throws SQLException {
    return Sql.list(
        connection,
        "SELECT * FROM review WHERE " + where,
        row ->
            new Summary(
                row.getInt("id"),
                row.getString("title"),
                row.getString("started_by"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Instant.ofEpochMilli(row.getLong("due_at")),
                Sql.moment(row, "closed_at"),
                Map.of()),
        values);
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

  /** A whole review. */
  Review review(int id) throws SQLException {
    for (Summary found : reviews("id = ?", id)) {
      return new Review(
          id,
          found.title(),
          found.startedBy(),
          found.startedAt(),
          found.dueAt(),
          found.closedAt(),
          items(found, false, 0, Integer.MAX_VALUE));
    }
    throw new TaperException(ErrorCode.INVALID_ARGUMENT, "there is no review " + id);
  }

  List<ReviewItem> items(int id, boolean onlyOpen, int after, int limit) throws SQLException {
    List<Summary> found = reviews("id = ?", id);
    return found.isEmpty() ? List.of() : items(found.get(0), onlyOpen, after, limit);
  }

  private List<ReviewItem> items(Summary review, boolean onlyOpen, int after, int limit)
      throws SQLException {
    if (onlyOpen && isOver(review)) {
      return List.of();
    }
    return items(review.id(), search(review), onlyOpen, after, limit).stream()
        .map(item -> item.isOpen(now) && isOver(review) ? item.lapsedAt(review.dueAt()) : item)
        .toList();
  }

  /** Those that nobody decided about and that are living until the review's date takes effect. */
  List<ReviewItem> lapsing(int id) throws SQLException {
    return items(id, beforeDates, true, 0, Integer.MAX_VALUE);
  }

  private List<ReviewItem> items(int id, Search search, boolean onlyOpen, int after, int limit)
      throws SQLException {
    StringBuilder sql =
        new StringBuilder(Search.DEAD + Search.FIELDS)
            .append(", i.* FROM review_item i JOIN delegation d ON d.id = i.delegation")
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
    return search.run(sql.toString(), values, ReviewItem::of);
  }
}
