package dev.taper.cli.registry;

import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Html;
import dev.taper.cli.output.HumanTime;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewItem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Writes a review as one page: without scripts, without anything to load, for a screen in light or
 * dark and for paper.
 */
final class ReviewPage {
  private final Review review;
  private final Instant now;
  private final Html html;

  ReviewPage(Review review, Instant now, KeyNames names) {
    this.review = review;
    this.now = now;
    this.html =
        Html.page("Review " + review.id() + ": " + review.title(), ReviewPage.class, "review.css")
            .naming(names);
  }

  String write() {
    header();
    for (String state : ReviewText.STATES) {
      section(state);
    }
    html.open("footer", "");
    html.prose(
        "p",
        "",
        "Made at "
            + now.truncatedTo(ChronoUnit.SECONDS)
            + " by taper review report; distances in time count from then. Calls count for every"
            + " hand-over of the chain they were made with.");
    html.close("footer");
    return html.end();
  }

  private void header() {
    html.open("header", "").open("div", "line");
    html.element("span", "eyebrow", "Review " + review.id());
    boolean open = review.count("open", now) > 0;
    String progress = now.isBefore(review.dueAt()) ? "all decided" : "closed";
    html.element("span", open ? "badge warn" : "badge good", open ? "running" : progress);
    html.close("div").element("h1", "", review.title());
    html.open("ul", "counts");
    for (String state : ReviewText.STATES) {
      long count = review.count(state, now);
      html.open("li", count == 0 ? "none" : state).element("b", "", String.valueOf(count));
      html.element("span", "", state).close("li");
    }
    html.close("ul").open("dl", "facts");
    fact("Started", review.startedAt().toString());
    fact("By", review.startedBy());
    fact("Due", review.dueAt() + ", " + HumanTime.fromNow(review.dueAt(), now));
    fact("Asks about", RegistryText.count(review.items().size(), "delegation"));
    html.close("dl").close("header");
  }

  private void fact(String name, String value) {
    html.open("div", "").element("dt", "", name).prose("dd", "", value).close("div");
  }

  private void section(String state) {
    List<ReviewItem> items =
        review.items().stream().filter(item -> item.state(now).equals(state)).toList();
    if (items.isEmpty()) {
      return;
    }
    html.open("section", "").element("h2", "", heading(state));
    for (ReviewItem item : items) {
      html.open("article", "card " + state);
      card(item);
      html.close("article");
    }
    html.close("section");
  }

  private static String heading(String state) {
    return switch (state) {
      case "open" -> "To be decided";
      case "certified" -> "Certified";
      case "revoked" -> "Revoked";
      case "lapsed" -> "Revoked by the date: nobody certified it";
      default -> "Ended by itself";
    };
  }

  private void card(ReviewItem item) {
    Delegated delegation = item.delegation();
    html.open("div", "line").element("span", "number", String.valueOf(item.number()));
    html.element("h3", "", delegation.holderName());
    html.element("span", "tag", delegation.task()).close("div");
    html.open("p", "quiet").text("from " + delegation.grantor());
    if (!delegation.grantor().equals(delegation.delegator())) {
      html.text(", on the authority of " + delegation.delegator());
    }
    if (delegation.purpose() != null) {
      html.text(", to " + delegation.purpose());
    }
    html.close("p");
    row("may", delegation.granted());
    row("used", RegistryText.used(delegation, now));
    if (!item.state(now).equals("revoked") && !item.state(now).equals("lapsed")) {
      row("time", RegistryText.end(delegation, now));
    }
    if (item.decidedBy() != null) {
      row("decision", item.state(now) + ReviewText.decision(item));
    }
    html.open("details", "").element("summary", "", "Keys and digests");
    html.open("p", "quiet").text("Holder's key ").element("code", "", delegation.holderKey());
    html.raw("<br>Delegation ").element("code", "", delegation.id());
    if (delegation.rootKey() != null) {
      html.raw("<br>Root key ").element("code", "", delegation.rootKey());
    }
    html.close("p").close("details");
  }

  private void row(String name, String value) {
    html.open("div", "row").element("span", "quiet", name);
    html.prose("span", "", value).close("div");
  }
}
