package dev.taper.cli.registry;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.operations.Place;
import dev.taper.operations.config.Times;
import dev.taper.operations.review.ItemSelection;
import dev.taper.operations.review.ReviewBoard;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewDecision;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows reviews of living delegations, and what is decided in them. */
final class ReviewService {
  private final Console console;
  private final ReviewBoard board;

  ReviewService(Console console, Place.Sql registry) {
    this.console = console;
    this.board = new ReviewBoard(console.workplace(), registry);
  }

  /**
   * Starts a review.
   *
   * @param title what it is called
   * @param by who starts it
   * @param due by when everything has to be certified: a duration, or a date
   * @param filter what it asks about
   */
  ExitCode start(String title, String by, String due, FilterOptions filter) {
    Instant end = Times.end(console.clock(), due);
    text().review(board.start(title, by, end, filter.query(console)));
    return ExitCode.OK;
  }

  /**
   * Shows one review, or the list of all.
   *
   * @param id the review, or null
   * @param asJson whether to print JSON
   */
  ExitCode show(@Nullable Integer id, boolean asJson) {
    if (id != null) {
      return print(board.get(id), asJson);
    }
    List<Review> all = board.all();
    if (asJson) {
      Json.object(
          console.out(),
          json -> {
            json.writeArrayFieldStart("reviews");
            for (Review review : all) {
              json.writeStartObject();
              ReviewJson.head(json, review, now());
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    } else {
      text().reviews(all);
    }
    return ExitCode.OK;
  }

  /**
   * Certifies or revokes.
   *
   * @param id the review
   * @param decision what is decided
   * @param selection about which items
   * @param by who decides
   * @param reason why, or null
   * @param audit the audit log
   */
  ExitCode decide(
      int id,
      ReviewDecision decision,
      ItemSelection selection,
      String by,
      @Nullable String reason,
      AuditOptions audit) {
    text().review(board.decide(id, decision, selection, by, reason, audit.recorder(console)));
    if (decision == ReviewDecision.REVOKED) {
      text().hint();
    }
    return ExitCode.OK;
  }

  /** Reports what came of a review, as text or JSON. */
  ExitCode report(int id, boolean asJson) {
    return print(board.get(id), asJson);
  }

  /**
   * Reports what came of a review, as a page.
   *
   * @param id the review
   * @param file where to; null for standard output
   */
  ExitCode page(int id, @Nullable String file) {
    String page = new ReviewPage(board.get(id), now()).write();
    if (file == null) {
      console.out().println(page);
    } else {
      byte[] bytes = (page + "\n").getBytes(StandardCharsets.UTF_8);
      new Outputs(console).file(file, bytes, false, true);
    }
    return ExitCode.OK;
  }

  private ExitCode print(Review review, boolean asJson) {
    if (asJson) {
      Json.object(console.out(), json -> ReviewJson.write(json, review, now()));
    } else {
      text().review(review);
    }
    return ExitCode.OK;
  }

  private ReviewText text() {
    return new ReviewText(console, now());
  }

  private Instant now() {
    return console.clock().instant();
  }
}
