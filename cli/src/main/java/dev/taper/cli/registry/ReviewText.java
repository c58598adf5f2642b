package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Json;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewItem;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reviews for people. */
final class ReviewText {
  static final List<String> STATES = List.of("open", "certified", "revoked", "lapsed", "ended");

  private final PrintStream out;
  private final Style style;
  private final Instant now;
  private final RegistryText delegations;

  ReviewText(Console console) {
    this.out = console.out();
    this.now = console.clock().instant();
    this.style = Style.out(console);
    this.delegations = new RegistryText(console, now);
  }

  /** Prints a review, as text or JSON. */
  void print(Review review, boolean asJson) {
    if (asJson) {
      Json.result(
          out,
          RegistryFields.head(review, now)
              .rows("items", review.items(), item -> RegistryFields.of(item, now)));
    } else {
      review(review);
    }
  }

  void reviews(List<Review> reviews) {
    if (reviews.isEmpty()) {
      out.println("There is no review yet.");
    }
    for (Review review : reviews) {
      out.println(head(review) + ": " + summary(review, now));
    }
  }

  void review(Review review) {
    out.println(style.bold(head(review)));
    out.println("  started by " + SafeText.line(review.startedBy()) + " at " + review.startedAt());
    for (ReviewItem item : review.items()) {
      out.println();
      out.println(String.format(Locale.ROOT, "%3d  %s", item.number(), state(item)));
      delegations.delegation("     ", item.delegation());
    }
    out.println();
    out.println(summary(review, now) + ".");
  }

  private String head(Review review) {
    return "Review "
        + review.id()
        + ", "
        + SafeText.line(review.title())
        + ", "
        + (now.isBefore(review.dueAt()) ? "due " : "was due ")
        + HumanTime.fromNow(review.dueAt(), now);
  }

  private String state(ReviewItem item) {
    String state = item.state(now);
    String styled =
        switch (state) {
          case "certified" -> style.good(state);
          case "revoked", "lapsed" -> style.bad(state);
          case "open" -> style.warn(state);
          default -> style.dim(state);
        };
    return styled + SafeText.line(decision(item));
  }

  /** Who decided, and why; empty if nobody did. */
  static String decision(ReviewItem item) {
    if (item.decidedBy() == null) {
      return "";
    }
    return " by "
        + item.decidedBy()
        + " at "
        + item.decidedAt()
        + (item.reason() == null ? "" : ": " + item.reason());
  }

  /** How many items are in which state. */
  static String summary(Review review, Instant now) {
    List<String> parts = new ArrayList<>();
    for (String state : STATES) {
      long count = review.count(state, now);
      if (count > 0) {
        parts.add(count + " " + state);
      }
    }
    return String.join(", ", parts);
  }

  void hint() {
    out.println("Verifiers learn of it with: taper registry publish");
  }
}
