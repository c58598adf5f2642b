package dev.taper.operations.login;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.operations.OperationException;
import dev.taper.operations.WebAnswer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server of OAuth answers: members of one JSON object, or a refusal.
 *
 * @param status of HTTP
 * @param members each value in canonical form
 */
record Exchanged(int status, SortedMap<String, String> members) {
  private static final int LONGEST_DETAIL = 300;
  private static final int MAX_BYTES = 256 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Reads what a server publishes. */
  static Exchanged get(URI url) {
    return of(HttpRequest.newBuilder(url).header("Accept", "application/json").build());
  }

  /** Posts a form. */
  static Exchanged post(URI url, Map<String, String> fields) {
    return of(
        HttpRequest.newBuilder(url)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(UrlEncoded.write(fields)))
            .build());
  }

  private static Exchanged of(HttpRequest request) {
    WebAnswer answer = WebAnswer.to(request, MAX_BYTES, PATIENCE);
    try {
      return new Exchanged(answer.status(), CanonicalJson.membersOfDocument(answer.text()));
    } catch (TaperException e) {
      if (answer.status() >= 400) {
        return new Exchanged(answer.status(), new TreeMap<>());
      }
      throw OperationException.refused(
          "malformed_answer",
          request.uri().getRawAuthority() + " answers with something else than JSON",
          e);
    }
  }

  /**
   * The failure that a refusal says.
   *
   * @param who refuses, such as {@code the issuer}
   */
  OperationException refusal(String who) {
    String code = OperationException.codeOrNull(text("code"));
    if (code == null) {
      code = OperationException.codeOrNull(text("error"));
    }
    if (code == null) {
      return OperationException.io(who + " answers with status " + status(), null);
    }
    String detail = text("error_description");
    if (detail == null) {
      detail = text("detail");
    }
    return OperationException.refused(
        code,
        who + " refuses" + (detail == null ? "" : ": " + ShownText.of(detail, LONGEST_DETAIL)));
  }

  /** A member that is a string; null if there is none, or it is something else. */
  @Nullable String text(String name) {
    String json = members.get(name);
    try {
      return json == null ? null : CanonicalJson.string(json, name);
    } catch (TaperException e) {
      return null;
    }
  }

  /** A member that is a whole number. */
  long number(String name, long otherwise) {
    try {
      return Long.parseLong(members.getOrDefault(name, "?"));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
