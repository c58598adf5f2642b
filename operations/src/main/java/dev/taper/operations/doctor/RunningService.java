package dev.taper.operations.doctor;

import dev.taper.ErrorCode;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.WebAnswer;
import dev.taper.operations.WebUrl;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a running service says of itself at {@code /health/ready}. Immutable.
 *
 * @param status {@code ready}, {@code not_ready} or {@code draining}
 * @param reasons why it refuses calls: codes and texts
 * @param warnings what will not stay well
 */
record RunningService(String status, List<Reason> reasons, List<String> warnings) {
  private static final String READY = "/health/ready";
  private static final int MAX_BYTES = 1 << 18;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final JsonReader<TaperException> JSON =
      JsonReader.of(
          20,
          MAX_BYTES,
          100,
          (why, cause) -> new TaperException(ErrorCode.INVALID_REQUEST, why, cause));

  record Reason(String code, String text) {}

  RunningService {
    reasons = List.copyOf(reasons);
    warnings = List.copyOf(warnings);
  }

  /**
   * Asks a service.
   *
   * @param url where its pages of health are, with or without the path of the one that is asked
   * @throws OperationException {@code usage} for another URL, {@code io} without an answer, {@code
   *     malformed_answer} for another one
   */
  static RunningService ask(String url) {
    HttpRequest request =
        HttpRequest.newBuilder(uri(url)).header("Accept", "application/json").build();
    WebAnswer answer = WebAnswer.to(request, MAX_BYTES, TIMEOUT);
    try {
      return read(answer.text());
    } catch (TaperException e) {
      throw OperationException.refused(
          "malformed_answer",
          Place.shown(url) + " answers " + answer.status() + ", and not as a service does",
          e);
    }
  }

  private static URI uri(String text) {
    URI uri = WebUrl.plain(text);
    if (uri != null) {
      return WebUrl.isRoot(uri) ? uri.resolve(READY) : uri;
    }
    throw OperationException.usage(
        "a service's pages of health are at a URL such as http://127.0.0.1:8290, not at "
            + Place.shown(text));
  }

  /**
   * Reads the page.
   *
   * @throws TaperException if it is another one
   */
  static RunningService read(String json) {
    JsonMembers<TaperException> members = JSON.read(json, "it");
    if (!members.has("reasons") || !members.has("warnings")) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "it has no reasons or warnings");
    }
    List<Reason> reasons = new ArrayList<>();
    for (JsonMembers<TaperException> each : members.objects("reasons")) {
      reasons.add(new Reason(each.text("code"), each.text("text")));
    }
    return new RunningService(members.text("status"), reasons, members.texts("warnings"));
  }
}
