package dev.taper.store.registry;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reviews a registry's delegations. A revocation here is entered into the database's revocations in
 * the same transaction; {@link SqlRevocations#sign} tells verifiers. A delegation that nobody
 * certified by its date counts as lapsed from then on. {@link #applyDates} enters it as revoked,
 * after the caller has kept the {@linkplain #lapse record} of it. Thread-safe, and safe with other
 * processes.
 */
public final class Reviews {
  private static final int MAX_TITLE = 256;
  private static final int MAX_REASON = 2048;
  static final String BY_DATE = "the review's date";

  private final Database database;
  private final Clock clock;
  private final SqlRevocations revocations;

  /**
   * Opens the reviews in a database.
   *
   * @param database the database, which the caller closes
   * @param clock the clock, which says which dates have passed
   */
  public Reviews(Database database, Clock clock) {
    this.database = Given.that(database, "the database");
    this.clock = Given.that(clock, "the clock");
    this.revocations = new SqlRevocations(database, clock);
  }

  /**
   * Starts a review.
   *
   * @param title its title
   * @param by who starts it
   * @param due the time by which everything must be certified
   * @param what the living delegations that it asks about
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the date has passed or no such
   *     delegation is living; {@link ErrorCode#DATABASE_UNAVAILABLE} or {@link
   *     ErrorCode#DATABASE_FAILED}
   */
  public Review start(String title, String by, Instant due, RegistryQuery what) {
    requireText(title, MAX_TITLE, "a review's title");
    requireText(by, MAX_TITLE, "who starts a review");
    return locked(
        (connection, now) -> {
          if (!due.isAfter(now)) {
            throw invalid("a review's date is in the future");
          }
          List<Delegated> living = new Search(connection, now).find(what);
          living.removeIf(d -> !d.livesAt(now));
          if (living.isEmpty()) {
            throw invalid("nothing that is living is to be reviewed");
          }
          int id = nextId(connection);
          Sql.update(
              connection,
              "INSERT INTO review (id, title, started_by, started_at, due_at)"
                  + " VALUES (?, ?, ?, ?, ?)",
              id,
              title,
              by,
              now,
              due);
          int number = 0;
          for (Delegated delegation : living) {
            Sql.update(
                connection,
                "INSERT INTO review_item (review, item, delegation) VALUES (?, ?, ?)",
                id,
                ++number,
                delegation.id());
          }
          return read(connection, id, now);
        });
  }

  /**
   * Lists all reviews, the newest first.
   *
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} or {@link
   *     ErrorCode#DATABASE_FAILED}
   */
  public List<Review> all() {
    return locked(
        (connection, now) -> {
          List<Review> all = new ArrayList<>();
          for (int id = nextId(connection) - 1; id > 0; id--) {
            all.add(read(connection, id, now));
          }
          return all;
        });
  }

  /**
   * Returns a review.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of this id; or as
   *     {@link #all}
   */
  public Review get(int id) {
    return locked((connection, now) -> read(connection, id, now));
  }

  /**
   * A review without its items.
   *
   * @param id its number
   * @param title its title
   * @param startedBy who started it
   * @param startedAt when
   * @param dueAt the time by which everything must be certified
   * @param closedAt when the date took effect; null before
   * @param states how many items are in each state that {@link ReviewItem#state} names
   */
  public record Summary(
      int id,
      String title,
      String startedBy,
      Instant startedAt,
      Instant dueAt,
      @Nullable Instant closedAt,
      Map<String, Long> states) {
    /** Copies the numbers. */
    public Summary {
      states = Map.copyOf(states);
    }
  }

  /**
   * Lists reviews without their items, the newest first.
   *
   * @param before only those with a smaller number
   * @param limit the most
   * @throws TaperException as {@link #all}
   */
  public List<Summary> summaries(int before, int limit) {
    Instant now = clock.instant();
    return database.read(connection -> new ReviewPages(connection, now).summaries(before, limit));
  }

  /**
   * Lists some items of a review, in the order of their numbers.
   *
   * @param id the review
   * @param onlyOpen true for those that wait for a decision
   * @param after only those with a greater number
   * @param limit the most
   * @throws TaperException as {@link #all}
   */
  public List<ReviewItem> items(int id, boolean onlyOpen, int after, int limit) {
    Instant now = clock.instant();
    return database.read(
        connection -> new ReviewPages(connection, now).items(id, onlyOpen, after, limit));
  }

  /**
   * Certifies or revokes open items.
   *
   * @param id the review
   * @param decision {@link ReviewDecision#CERTIFIED} or {@link ReviewDecision#REVOKED}
   * @param numbers the items
   * @param by who decides
   * @param reason why, or null
   * @return the review after that
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if an item does not exist or is not
   *     open, or the decision is not a reviewer's; nothing is decided then. Or as {@link #all}
   */
  public Review decide(
      int id,
      ReviewDecision decision,
      Collection<Integer> numbers,
      String by,
      @Nullable String reason) {
    if (decision == ReviewDecision.LAPSED) {
      throw invalid("a reviewer certifies or revokes");
    }
    requireText(by, MAX_TITLE, "who decides");
    if (reason != null) {
      requireText(reason, MAX_REASON, "a reason");
    }
    return locked(
        (connection, now) -> {
          Review review = read(connection, id, now);
          for (int number : numbers) {
            ReviewItem item = item(review, number);
            if (!item.isOpen(now)) {
              throw invalid(
                  "item " + number + " of review " + id + " is not open: " + item.state(now));
            }
            decide(connection, id, item, decision, by, reason, now);
          }
          return read(connection, id, now);
        });
  }

  /**
   * Applies the dates that have passed: delegations that are living and not certified are revoked.
   * Call this before a list is signed. The record is kept first, so that nothing lapses without
   * one; if something fails in between, or two processes do this at once, there may be two records.
   *
   * @param record keeps a record of each delegation that is about to lapse, made by {@link #lapse};
   *     called outside a transaction, and only if something lapses
   * @return the delegations that were revoked by this, in any review
   * @throws TaperException as {@link #all}
   */
  public List<Delegated> applyDates(Consumer<List<Delegated>> record) {
    Instant now = clock.instant();
    List<Delegated> lapsing = locked((connection, later) -> lapsing(connection, now));
    if (!lapsing.isEmpty()) {
      record.accept(lapsing);
    }
    return locked((connection, later) -> applyDates(connection, now));
  }

  /**
   * True if the date of a review has passed and was not applied yet.
   *
   * @throws TaperException as {@link #all}
   */
  public boolean isDue() {
    Instant now = clock.instant();
    return database.read(connection -> !due(connection, now).isEmpty());
  }

  /** Makes the audit record of a delegation that lapsed. */
  public static AuditEvent lapse(Delegated delegation, Instant time) {
    return AuditEvent.of(AuditKind.REVIEW, time)
        .by(BY_DATE)
        .task(delegation.task())
        .subject(
            AuditEvent.Subject.of("block", delegation.id()).decision(ReviewDecision.LAPSED.text()));
  }

  /** Finds what would lapse, by applying the dates and undoing that: one lapse may end others. */
  private List<Delegated> lapsing(Connection connection, Instant now) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      return applyDates(connection, now);
    } finally {
      connection.rollback(before);
    }
  }

  private List<Delegated> applyDates(Connection connection, Instant now) throws SQLException {
    List<Delegated> lapsed = new ArrayList<>();
    for (int id : due(connection, now)) {
      for (ReviewItem item : new ReviewPages(connection, now).lapsing(id)) {
        decide(connection, id, item, ReviewDecision.LAPSED, BY_DATE, null, now);
        lapsed.add(item.delegation());
      }
      Sql.update(connection, "UPDATE review SET closed_at = ? WHERE id = ?", now, id);
    }
    return lapsed;
  }

  /** Work under a lock, which nobody else does at the same time. */
  private interface Locked<T> {
    T run(Connection connection, Instant now) throws SQLException;
  }

  private <T> T locked(Locked<T> work) {
    return database.transaction(
        connection -> {
          database.lock(connection, "review");
          return work.run(connection, clock.instant());
        });
  }

  private void decide(
      Connection connection,
      int id,
      ReviewItem item,
      ReviewDecision decision,
      String by,
      @Nullable String reason,
      Instant now)
      throws SQLException {
    Sql.update(
        connection,
        "UPDATE review_item SET verdict = ?, decided_by = ?, decided_at = ?, reason = ?"
            + " WHERE review = ? AND item = ?",
        decision.text(),
        by,
        now,
        reason,
        id,
        item.number());
    if (decision != ReviewDecision.CERTIFIED) {
      revocations.enter(connection, List.of(revocation(item.delegation())));
    }
  }

  /** Makes the entry that revokes a delegation, and all that was handed on from it. */
  public static RevocationEntry revocation(Delegated delegation) {
    return new RevocationEntry(
        RevocationEntry.Kind.BLOCK,
        Fingerprint.parse(delegation.fingerprint()),
        delegation.endsAt());
  }

  private static ReviewItem item(Review review, int number) {
    if (number < 1 || number > review.items().size()) {
      throw invalid("review " + review.id() + " has no item " + number);
    }
    return review.items().get(number - 1);
  }

  private static Review read(Connection connection, int id, Instant now) throws SQLException {
    return new ReviewPages(connection, now).review(id);
  }

  private static List<Integer> due(Connection connection, Instant now) throws SQLException {
    return Sql.list(
        connection,
        "SELECT id FROM review WHERE closed_at IS NULL AND due_at <= ? ORDER BY id",
        row -> row.getInt(1),
        now);
  }

  private static int nextId(Connection connection) throws SQLException {
    return (int) Sql.number(connection, "SELECT max(id) FROM review") + 1;
  }

  private static void requireText(String text, int max, String what) {
    if (text.isBlank() || text.length() > max) {
      throw invalid(what + " has between 1 and " + max + " characters");
    }
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
