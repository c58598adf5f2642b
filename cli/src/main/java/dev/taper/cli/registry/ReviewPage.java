package dev.taper.cli.registry;

import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.Html;
import dev.taper.cli.output.HtmlPage;
import dev.taper.cli.output.HumanTime;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewItem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a review as one page, complete in itself. */
final class ReviewPage {
  /** A review with more items has a list of contents and a field to find things. */
  private static final int SHORT = 8;

  private static final int FOLDED = 50;

  private final Review review;
  private final Instant now;
  private final HtmlPage page;
  private final Html html;
  private final Map<String, ReviewItem> byDelegation = new HashMap<>();

  ReviewPage(Review review, Instant now, KeyNames names) {
    this.review = review;
    this.now = now;
    this.page = new HtmlPage("Review " + review.id() + ": " + review.title(), names);
    this.html = page.body();
    review.items().forEach(item -> byDelegation.put(item.delegation().id(), item));
  }

  String write() {
    boolean isLong = review.items().size() > SHORT;
    header();
    if (isLong) {
      contents();
      page.finder("delegations", false);
    }
    for (String state : ReviewText.STATES) {
      section(state);
    }
    html.open("footer", "")
        .raw("<p>Made at ")
        .prose(now.truncatedTo(ChronoUnit.SECONDS).toString());
    html.raw(" by taper review report; distances in time count from then.</p>\n<p>Calls count for");
    html.raw(" every hand-over of the chain they were made with. A name is what the party before");
    html.raw(
        " called a key; the key alone says who it is. Verifiers learn what was revoked from the");
    html.raw(" list that is published next.</p>\n").close("footer");
    return page.write(isLong);
  }

  private void contents() {
    Html list = page.contents();
    list.raw("<ol>\n");
    for (String state : ReviewText.STATES) {
      List<ReviewItem> items = items(state);
      if (items.isEmpty()) {
        continue;
      }
      list.raw(
          "<li><a href=\"#"
              + state
              + "\">"
              + heading(state)
              + "</a> ("
              + items.size()
              + ")\n<ol>\n");
      for (ReviewItem item : items) {
        list.raw("<li>" + item.number() + " ").link(id(item), item.delegation().holderName());
        list.raw("</li>\n");
      }
      list.raw("</ol>\n</li>\n");
    }
    list.raw("</ol>\n");
  }

  private static String id(ReviewItem item) {
    return "item" + item.number();
  }

  private List<ReviewItem> items(String state) {
    return review.items().stream().filter(item -> item.state(now).equals(state)).toList();
  }

  private void header() {
    html.open("header", "").open("div", "line");
    html.element("span", "eyebrow", "Review " + review.id());
    boolean open = review.count("open", now) > 0;
    String progress = now.isBefore(review.dueAt()) ? "all decided" : "closed";
    html.element("span", open ? "badge warn" : "badge good", open ? "running" : progress);
    html.close("div").name("h1", "", review.title());
    html.open("ul", "counts");
    for (String state : ReviewText.STATES) {
      long count = review.count(state, now);
      html.open("li", count == 0 ? "none" : state).element("b", "", String.valueOf(count));
      html.raw(count == 0 ? state : "<a href=\"#" + state + "\">" + state + "</a>").close("li");
    }
    html.close("ul").open("dl", "facts");
    html.fact("Started", review.startedAt().toString());
    html.fact("By", review.startedBy());
    html.fact("Due", review.dueAt() + ", " + HumanTime.fromNow(review.dueAt(), now));
    html.fact("Asks about", Count.of(review.items().size(), "delegation"));
    html.close("dl");
    if (open) {
      html.element(
          "p",
          "alert",
          "What nobody certifies is revoked by the due date, with all that came of it.");
    }
    html.close("header");
    page.endHeader();
  }

  private void section(String state) {
    List<ReviewItem> items = items(state);
    if (items.isEmpty()) {
      return;
    }
    html.open("section", "", state).element("h2", "", heading(state));
    for (int start = 0; start < items.size(); start += FOLDED) {
      List<ReviewItem> part = items.subList(start, Math.min(items.size(), start + FOLDED));
      if (start == 0) {
        cards(part, state);
      } else {
        html.fold("", "", false).raw("Items " + part.get(0).number() + " to ");
        html.raw(part.get(part.size() - 1).number() + "").close("summary");
        cards(part, state);
        html.close("details");
      }
    }
    html.close("section");
  }

  private void cards(List<ReviewItem> items, String state) {
    html.open("ul", "cards");
    for (ReviewItem item : items) {
      html.open("li", "card found " + state, id(item));
      card(item);
      html.close("li");
    }
    html.close("ul");
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
    html.name("h3", "", delegation.holderName());
    html.name("span", "tag", delegation.task()).close("div");
    html.open("p", "quiet").raw("from ");
    ReviewItem parent = delegation.parent() == null ? null : byDelegation.get(delegation.parent());
    html.link(parent == null ? "" : id(parent), delegation.grantor());
    if (parent != null) {
      html.raw(" (item " + parent.number() + ")");
    }
    if (!delegation.grantor().equals(delegation.delegator())) {
      html.raw(", on the authority of ").name("b", "", delegation.delegator());
    }
    if (delegation.purpose() != null) {
      html.raw(", to ").text(delegation.purpose());
    }
    html.close("p");
    html.row("may", delegation.granted());
    html.row("used", RegistryText.used(delegation, now));
    if (!item.state(now).equals("revoked") && !item.state(now).equals("lapsed")) {
      html.row("time", RegistryText.end(delegation, now));
    }
    if (item.decidedBy() != null) {
      html.row("decision", item.state(now) + ReviewText.decision(item));
    }
    html.fold("more", "", false).raw("Keys and digests").close("summary");
    html.open("p", "quiet").raw("Holder's key ").element("code", "", delegation.holderKey());
    html.raw("<br>Delegation ").element("code", "", delegation.id());
    if (delegation.rootKey() != null) {
      html.raw("<br>Root key ").element("code", "", delegation.rootKey());
    }
    html.close("p").close("details");
  }
}
