package dev.taper.server.console.view;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.config.Times;
import dev.taper.operations.review.ItemSelection;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.store.registry.ReviewItem;
import dev.taper.store.registry.Reviews;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code reviews}: what is to be certified, by when, and deciding it. Thread-safe. */
final class ReviewsView implements View {
  private static final int MAX_DECIDED = 200;
  private static final Duration COUNTED_AGAIN = Duration.ofSeconds(30);

  private final Reviews reviews;
  private final Clock clock;
  private final Deciding deciding;
  private volatile @Nullable Due known;

  /** How many reviews were due at some time: to count them costs as much as to list them. */
  private record Due(int reviews, Instant at) {}

  /**
   * Who decides here.
   *
   * @param board the reviews, with the records of what is decided
   * @param reviewer a name; null if only those decide who signed in
   * @param audit keeps the records
   */
  record Deciding(ReviewBoard board, @Nullable String reviewer, AuditRecorder audit) {}

  ReviewsView(Reviews reviews, Clock clock, Deciding deciding) {
    this.reviews = reviews;
    this.clock = clock;
    this.deciding = deciding;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (request.is("GET", "reviews")) {
      return page(request);
    }
    if (request.is("GET", "reviews", "*")) {
      return items(request);
    }
    if (request.is("POST", "reviews")) {
      return started(reviewer(request), request.content());
    }
    return request.is("POST", "reviews", "*", "decisions")
        ? decided(reviewer(request), request.numberOf(1), request.content())
        : null;
  }

  private JsonFields page(ViewRequest request) throws RefusedException {
    int before = request.number("after", Integer.MAX_VALUE, Integer.MAX_VALUE);
    int limit = request.limit();
    request.requireNothingElse();
    List<Reviews.Summary> found = reviews.summaries(before, limit + 1);
    boolean isEnd = found.size() <= limit;
    List<Reviews.Summary> page = isEnd ? found : found.subList(0, limit);
    return new JsonFields()
        .rows("items", page, this::fields)
        .putIfPresent("next", isEnd ? null : String.valueOf(page.get(limit - 1).id()));
  }

  private JsonFields fields(Reviews.Summary review) {
    Map<String, Long> states = review.states();
    JsonFields fields =
        new JsonFields()
            .put("review", review.id())
            .put("title", review.title())
            .put("started_by", review.startedBy())
            .putIfPresent("started_at", View.millis(review.startedAt()))
            .putIfPresent("due_at", View.millis(review.dueAt()))
            .putIfPresent("closed_at", View.millis(review.closedAt()))
            .put("items", states.values().stream().mapToLong(Long::longValue).sum());
    for (String state : List.of("open", "certified", "revoked", "lapsed", "ended")) {
      fields.put(state, states.getOrDefault(state, 0L));
    }
    boolean isOpen = states.getOrDefault("open", 0L) > 0;
    return fields.put("overdue", isOpen && !review.dueAt().isAfter(clock.instant()));
  }

  /** How many reviews have open items and are due within some time; perhaps a moment ago. */
  int due(Duration within) {
    Instant now = clock.instant();
    Due before = known;
    if (before == null || !now.isBefore(before.at.plus(COUNTED_AGAIN))) {
      Instant end = now.plus(within);
      long due =
          reviews.summaries(Integer.MAX_VALUE, MAX_DECIDED).stream()
              .filter(one -> one.closedAt() == null && !one.dueAt().isAfter(end))
              .filter(one -> one.states().getOrDefault("open", 0L) > 0)
              .count();
      before = new Due((int) due, now);
      known = before;
    }
    return before.reviews;
  }

  private Reviews.Summary summary(int id) throws RefusedException {
    List<Reviews.Summary> found =
        id == Integer.MAX_VALUE ? List.of() : reviews.summaries(id + 1, 1);
    if (found.isEmpty() || found.get(0).id() != id) {
      throw new RefusedException(404, "unknown_review", null);
    }
    return found.get(0);
  }

  private JsonFields items(ViewRequest request) throws RefusedException {
    int id = request.numberOf(1);
    String state = request.parameter("state");
    int after = request.number("after", 0, Integer.MAX_VALUE);
    int limit = request.limit();
    request.requireNothingElse();
    if (state != null && !state.equals("open") && !state.equals("all")) {
      throw ViewRequest.invalid("there is no such state");
    }
    Reviews.Summary review = summary(id);
    List<ReviewItem> found = reviews.items(id, "open".equals(state), after, limit + 1);
    boolean isEnd = found.size() <= limit;
    List<ReviewItem> page = isEnd ? found : found.subList(0, limit);
    Instant now = clock.instant();
    return new JsonFields()
        .put("review", fields(review))
        .rows("items", page, item -> fields(item, now))
        .putIfPresent("next", isEnd ? null : String.valueOf(page.get(limit - 1).number()));
  }

  private static JsonFields fields(ReviewItem item, Instant now) {
    return new JsonFields()
        .put("item", item.number())
        .put("state", item.state(now))
        .put("delegation", DelegatedJson.of(item.delegation(), now, LivingView.SOON))
        .putIfPresent("by", item.decidedBy())
        .putIfPresent("at", View.millis(item.decidedAt()))
        .putIfPresent("reason", item.reason());
  }

  private String reviewer(ViewRequest request) throws RefusedException {
    known = null; // whatever is decided changes it
    String by = request.by() == null ? deciding.reviewer() : request.by();
    if (by == null) {
      throw new RefusedException(
          403, "no_reviewer", "this console was started without saying who reviews: --reviewer");
    }
    return by;
  }

  private JsonFields started(String by, JsonMembers<RefusedException> content)
      throws RefusedException {
    String title = content.text("title");
    Instant due = clock.instant().plus(Times.parseDuration(content.text("due")));
    RegistryQuery what =
        RegistryQuery.living()
            .delegator(content.textOrNull("delegator"))
            .holder(content.textOrNull("agent"))
            .task(content.textOrNull("task"));
    content.end();
    Review review = deciding.board().start(title, by, due, what);
    return new JsonFields().put("review", review.id()).put("items", review.items().size());
  }

  private JsonFields decided(String by, int id, JsonMembers<RefusedException> content)
      throws RefusedException {
    String text = content.text("decision");
    List<Integer> numbers = content.integers("items");
    String reason = content.textOrNull("reason");
    content.end();
    ReviewDecision decision =
        switch (text) {
          case "certified" -> ReviewDecision.CERTIFIED;
          case "revoked" -> ReviewDecision.REVOKED;
          default -> throw ViewRequest.invalid("there is no such decision");
        };
    if (numbers.isEmpty() || numbers.size() > MAX_DECIDED) {
      throw ViewRequest.invalid("one decides about 1 to " + MAX_DECIDED + " items at once");
    }
    Reviews.Summary unused = summary(id);
    try {
      ItemSelection items = new ItemSelection(numbers, false, null, null);
      Review review = deciding.board().decide(id, decision, items, by, reason, deciding.audit());
      return new JsonFields().put("review", fields(summary(review.id())));
    } catch (TaperException e) {
      if (e.code() == ErrorCode.INVALID_ARGUMENT) {
        throw new RefusedException(409, "not_open", e.getMessage());
      }
      throw e;
    }
  }
}
