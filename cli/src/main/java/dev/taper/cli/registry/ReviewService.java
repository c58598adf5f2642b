package dev.taper.cli.registry;

import dev.taper.cli.io.Registries;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSubject;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.io.AuditRecorder;
import dev.taper.cli.io.AuditTarget;
import dev.taper.cli.io.Times;
import dev.taper.store.Database;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Review;
import dev.taper.store.registry.ReviewDecision;
import dev.taper.store.registry.ReviewItem;
import dev.taper.store.registry.Reviews;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reviews of living delegations. */
public final class ReviewService {
  private final Console console;

  /** Works in the given console. */
  public ReviewService(Console console) {
    this.console = console;
  }

  /** How a report is wanted. */
  public enum Format {
    /** For people at a terminal. */
    TEXT,
    /** For programs. */
    JSON,
    /** A page of its own. */
    HTML
  }

  /**
   * Starts a review.
   *
   * @param address the registry
   * @param title what it is called
   * @param by who starts it
   * @param due by when everything has to be certified: a duration, or a date
   * @param filter what it asks about
   */
  public ExitCode start(String address, String title, String by, String due, FilterInput filter) {
    Inputs inputs = new Inputs(console);
    return with(
        address,
        reviews -> {
          Review review = reviews.start(title, by, end(due), Registries.query(inputs, filter));
          text().review(review);
          return ExitCode.OK;
        });
  }

  /**
   * Shows one review, or the list of all.
   *
   * @param address the registry
   * @param id the review, or null
   * @param asJson whether to print JSON
   */
  public ExitCode show(String address, @Nullable Integer id, boolean asJson) {
    return with(
        address,
        reviews -> {
          if (id != null) {
            print(reviews.get(id), asJson);
          } else if (asJson) {
            List<Review> all = reviews.all();
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
            text().reviews(reviews.all());
          }
          return ExitCode.OK;
        });
  }

  /**
   * Certifies or revokes.
   *
   * @param address the registry
   * @param id the review
   * @param verdict what is decided
   * @param selection about which items
   * @param by who decides
   * @param reason why, or null
   * @param log the audit log, or null
   */
  public ExitCode decide(
      String address,
      int id,
      ReviewDecision verdict,
      Selection selection,
      String by,
      @Nullable String reason,
      @Nullable AuditTarget log) {
    return with(
        address,
        reviews -> {
          Review before = reviews.get(id);
          List<Integer> numbers = numbers(before, selection);
          Review review = reviews.decide(id, verdict, numbers, by, reason);
          record(log, before, numbers, verdict, by, reason); // of nothing that was refused
          text().review(review);
          if (verdict == ReviewDecision.REVOKED) {
            text().hint();
          }
          return ExitCode.OK;
        });
  }

  /** One record for each item, about the token that it is about. */
  private void record(
      @Nullable AuditTarget log,
      Review review,
      List<Integer> numbers,
      ReviewDecision verdict,
      String by,
      @Nullable String reason) {
    new AuditRecorder(console)
        .recordAll(
            log,
            now ->
                review.items().stream()
                    .filter(item -> numbers.contains(item.number()))
                    .map(
                        item ->
                            AuditEvent.of(AuditKind.REVIEW, now)
                                .by(by)
                                .task(item.delegation().task())
                                .subject(
                                    AuditSubject.of("block", item.delegation().id())
                                        .reason(reason)
                                        .verdict(verdict.text())))
                    .toList());
  }

  private List<Integer> numbers(Review review, Selection selection) {
    boolean byWord = selection.all() || selection.agent() != null || selection.task() != null;
    if (byWord == !selection.numbers().isEmpty()) {
      throw CliException.usage(
          "say which items: their numbers, or --all, --agent NAME or --task ID");
    }
    if (!byWord) {
      return selection.numbers();
    }
    List<Integer> numbers = new ArrayList<>();
    for (ReviewItem item : review.items()) {
      Delegated delegation = item.delegation();
      if (item.isOpen(now())
          && (selection.agent() == null || selection.agent().equals(delegation.holder()))
          && (selection.task() == null || selection.task().equals(delegation.task()))) {
        numbers.add(item.number());
      }
    }
    if (numbers.isEmpty()) {
      throw CliException.usage("no such item of review " + review.id() + " is open");
    }
    return numbers;
  }

  /**
   * Reports what came of a review.
   *
   * @param address the registry
   * @param id the review
   * @param format how
   * @param file where to; null for standard output
   */
  public ExitCode report(String address, int id, Format format, @Nullable String file) {
    return with(
        address,
        reviews -> {
          Review review = reviews.get(id);
          if (format == Format.HTML) {
            String page = new ReviewPage(review, now()).write();
            if (file == null) {
              console.out().println(page);
            } else {
              byte[] bytes = (page + "\n").getBytes(StandardCharsets.UTF_8);
              new Outputs(console).file(file, bytes, false, true);
            }
          } else if (file != null) {
            throw CliException.usage("--out goes with --html; redirect the others");
          } else {
            print(review, format == Format.JSON);
          }
          return ExitCode.OK;
        });
  }

  private void print(Review review, boolean asJson) {
    if (asJson) {
      Json.object(console.out(), json -> ReviewJson.write(json, review, now()));
    } else {
      text().review(review);
    }
  }

  private ExitCode with(String address, Function<Reviews, ExitCode> work) {
    try (Database database = Registries.open(console, address)) {
      return work.apply(new Reviews(database, console.clock()));
    }
  }

  /**
   * Lets the dates of reviews take effect before a list is signed in their database, and makes the
   * database if there is none.
   *
   * @param address the database
   * @param log the audit log that is told what lapsed, or null
   */
  public void applyDates(String address, @Nullable AuditTarget log) {
    try (Database database = Database.open(address, console.directory())) {
      applyDates(database, log);
    }
  }

  /** Lets the dates of reviews take effect, says so, and records it: revoked first. */
  void applyDates(Database database, @Nullable AuditTarget log) {
    List<Delegated> lapsed = new Reviews(database, console.clock()).applyDates();
    for (Delegated each : lapsed) {
      console
          .err()
          .println(
              "taper: note: revoked, as nobody certified it by its review's date: "
                  + SafeText.line(each.holderName())
                  + " for "
                  + SafeText.line(each.task()));
    }
    if (!lapsed.isEmpty()) {
      new AuditRecorder(console)
          .recordAll(log, now -> lapsed.stream().map(each -> Reviews.lapse(each, now)).toList());
    }
  }

  private Instant end(String due) {
    return Times.end(console, due);
  }

  private ReviewText text() {
    return new ReviewText(console, now());
  }

  private Instant now() {
    return console.clock().instant();
  }
}
