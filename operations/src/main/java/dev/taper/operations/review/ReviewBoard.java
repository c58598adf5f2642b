package dev.taper.operations.review;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.store.Database;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.store.registry.Reviews;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reviews of a registry's delegations, with the records of what is decided. Opens the database for
 * each operation. Every method throws a {@link dev.taper.TaperException} if the database cannot be
 * used or refuses. Immutable and thread-safe.
 */
public final class ReviewBoard {
  private final Workplace workplace;
  private final Place.Sql place;

  /**
   * The reviews in a registry.
   *
   * @param workplace where relative paths start, and what time it is
   * @param place the registry's database, which must be there
   */
  public ReviewBoard(Workplace workplace, Place.Sql place) {
    this.workplace = workplace;
    this.place = place;
  }

  /**
   * Starts a review.
   *
   * @param title what it is called
   * @param by who starts it
   * @param due by when everything has to be certified
   * @param what the delegations it asks about
   */
  public Review start(String title, String by, Instant due, RegistryQuery what) {
    return with(reviews -> reviews.start(title, by, due, what));
  }

  /** A review. */
  public Review get(int id) {
    return with(reviews -> reviews.get(id));
  }

  /** All reviews, the newest first. */
  public List<Review> all() {
    return with(Reviews::all);
  }

  /**
   * Certifies or revokes, and leaves a record for each item that was decided.
   *
   * @param id the review
   * @param decision what is decided
   * @param selection about which items
   * @param by who decides
   * @param reason why, or null
   * @param audit keeps the records
   * @return the review after that
   * @throws OperationException {@code usage} if the selection names nothing
   */
  public Review decide(
      int id,
      ReviewDecision decision,
      ItemSelection selection,
      String by,
      @Nullable String reason,
      AuditRecorder audit) {
    return with(
        reviews -> {
          Review before = reviews.get(id);
          List<Integer> numbers = selection.of(before, workplace.clock().instant());
          Review review = reviews.decide(id, decision, numbers, by, reason);
          audit.recordAll(
              now ->
                  before.items().stream()
                      .filter(item -> numbers.contains(item.number()))
                      .map(item -> event(item.delegation(), decision, by, reason, now))
                      .toList());
          return review;
        });
  }

  private static AuditEvent event(
      Delegated delegation,
      ReviewDecision decision,
      String by,
      @Nullable String reason,
      Instant now) {
    return AuditEvent.of(AuditKind.REVIEW, now)
        .by(by)
        .task(delegation.task())
        .subject(
            AuditEvent.Subject.of("block", delegation.id())
                .reason(reason)
                .decision(decision.text()));
  }

  /**
   * Lets the dates of reviews take effect, before a list is signed in their database. Each lapse is
   * recorded before it takes effect.
   *
   * @param database the database
   * @param clock what time it is
   * @param audit keeps the records
   * @return what lapsed and is now revoked
   */
  public static List<Delegated> applyDates(Database database, Clock clock, AuditRecorder audit) {
    return new Reviews(database, clock)
        .applyDates(
            lapsing ->
                audit.recordAll(
                    now -> lapsing.stream().map(each -> Reviews.lapse(each, now)).toList()));
  }

  private <T> T with(Function<Reviews, T> work) {
    try (Database database = workplace.openExisting(place)) {
      return work.apply(new Reviews(database, workplace.clock()));
    }
  }
}
