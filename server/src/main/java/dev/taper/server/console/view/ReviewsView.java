package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.ErrorCode;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpAnswer;
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
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
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

  private HttpAnswer page(ViewRequest request) throws RefusedException {
    int before = request.number("after", Integer.MAX_VALUE, Integer.MAX_VALUE);
    int limit = request.limit();
    request.requireNothingElse();
    List<Reviews.Summary> found = reviews.summaries(before, limit + 1);
    boolean isEnd = found.size() <= limit;
    List<Reviews.Summary> page = isEnd ? found : found.subList(0, limit);
    return ViewJson.answer(
        json -> {
          ViewJson.objects(json, "items", page, this::write);
          if (!isEnd) {
            json.writeStringField("next", String.valueOf(page.get(limit - 1).id()));
          }
        });
  }

  private void write(JsonGenerator json, Reviews.Summary review) throws IOException {
    long open = review.states().getOrDefault("open", 0L);
    json.writeNumberField("review", review.id());
    json.writeStringField("title", review.title());
    json.writeStringField("started_by", review.startedBy());
    ViewJson.moment(json, "started_at", review.startedAt());
    ViewJson.moment(json, "due_at", review.dueAt());
    ViewJson.moment(json, "closed_at", review.closedAt());
    json.writeNumberField(
        "items", review.states().values().stream().mapToLong(Long::longValue).sum());
    for (String state : List.of("open", "certified", "revoked", "lapsed", "ended")) {
      json.writeNumberField(state, review.states().getOrDefault(state, 0L));
    }
    json.writeBooleanField("overdue", open > 0 && !review.dueAt().isAfter(clock.instant()));
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
      throw ViewRequest.refused(404, "unknown_review", null);
    }
    return found.get(0);
  }

  private HttpAnswer items(ViewRequest request) throws RefusedException {
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
    return ViewJson.answer(
        json -> {
          ViewJson.object(json, "review", members -> write(members, review));
          ViewJson.objects(json, "items", page, (members, item) -> write(members, item, now));
          if (!isEnd) {
            json.writeStringField("next", String.valueOf(page.get(limit - 1).number()));
          }
        });
  }

  private static void write(JsonGenerator json, ReviewItem item, Instant now) throws IOException {
    json.writeNumberField("item", item.number());
    json.writeStringField("state", item.state(now));
    ViewJson.object(
        json,
        "delegation",
        members -> DelegatedJson.write(members, item.delegation(), now, LivingView.SOON));
    ViewJson.text(json, "by", item.decidedBy());
    ViewJson.moment(json, "at", item.decidedAt());
    ViewJson.text(json, "reason", item.reason());
  }

  private String reviewer(ViewRequest request) throws RefusedException {
    known = null; // whatever is decided changes it
    String by = request.by() == null ? deciding.reviewer() : request.by();
    if (by == null) {
      throw ViewRequest.refused(
          403, "no_reviewer", "this console was started without saying who reviews: --reviewer");
    }
    return by;
  }

  private HttpAnswer started(String by, JsonMembers<RefusedException> content)
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
    return ViewJson.answer(
        json -> {
          json.writeNumberField("review", review.id());
          json.writeNumberField("items", review.items().size());
        });
  }

  private HttpAnswer decided(String by, int id, JsonMembers<RefusedException> content)
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
      Reviews.Summary after = summary(review.id());
      return ViewJson.answer(
          json -> ViewJson.object(json, "review", members -> write(members, after)));
    } catch (TaperException e) {
      if (e.code() == ErrorCode.INVALID_ARGUMENT) {
        throw ViewRequest.refused(409, "not_open", e.getMessage());
      }
      throw e;
    }
  }
}
