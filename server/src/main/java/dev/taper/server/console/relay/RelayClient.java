package dev.taper.server.console.relay;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.WebAnswer;
import dev.taper.operations.WebUrl;
import dev.taper.server.listener.CallerSecret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Asks the role that relays, at one address, and from nowhere else. Answers are bounded in bytes
 * and time, and read strictly; of refusals only codes are believed. Thread-safe.
 */
public final class RelayClient {
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_DEPTH = 12;
  private static final int MAX_NUMBER = 32;
  private static final JsonReader<RefusedException> JSON =
      JsonReader.of(MAX_DEPTH, MAX_BYTES, MAX_NUMBER, (message, cause) -> malformed(message));
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

  private final String base;
  private final CallerSecret secret;

  private RelayClient(String base, CallerSecret secret) {
    this.base = base;
    this.secret = secret;
  }

  /**
   * Asks at an address.
   *
   * @param url such as {@code https://console.acme.com}; http is for this machine alone
   * @param secret what it wants to hear
   * @throws OperationException {@code usage} for another address
   */
  public static RelayClient at(String url, CallerSecret secret) {
    URI uri = WebUrl.plain(url);
    if (uri == null || !WebUrl.isRoot(uri) || !WebUrl.isPrivate(uri)) {
      throw OperationException.usage(
          "asks are relayed from an address such as https://console.acme.com; http is for this"
              + " machine alone");
    }
    return new RelayClient(uri.getScheme() + "://" + uri.getRawAuthority(), secret);
  }

  /**
   * Reads something.
   *
   * @param target below {@code /v1/console/}, with its parameters
   * @throws RefusedException the code with which it refuses; 502 {@code malformed_answer} if it
   *     answers something else, 503 {@code relay_unavailable} if it does not
   */
  JsonMembers<RefusedException> get(String target) throws RefusedException {
    return sent(request(target).GET().build());
  }

  /** Sends JSON, and reads the answer as {@link #get} does. */
  JsonMembers<RefusedException> post(String target, String json) throws RefusedException {
    return sent(
        request(target)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(base + RelayEndpoint.PREFIX + target))
        .header(CallerSecret.FIELD, secret.said())
        .timeout(TIMEOUT);
  }

  private JsonMembers<RefusedException> sent(HttpRequest request) throws RefusedException {
    WebAnswer answer;
    try {
      answer = WebAnswer.to(request, MAX_BYTES, TIMEOUT);
    } catch (OperationException e) {
      throw new RefusedException(503, "relay_unavailable", base + " does not answer as it should");
    }
    if (answer.status() != 200) {
      throw refused(answer);
    }
    return read(answer.content());
  }

  static JsonMembers<RefusedException> read(byte[] body) throws RefusedException {
    return JSON.read(body, "the answer");
  }

  static RefusedException malformed(String why) {
    return new RefusedException(502, "malformed_answer", "the relay: " + why);
  }

  private static RefusedException refused(WebAnswer answer) {
    String code = null;
    try {
      code = read(answer.content()).textIfAny("code");
    } catch (RefusedException e) {
      // It is no relay, or something in between.
    }
    boolean isKnown = code != null && CODE.matcher(code).matches();
    int status = answer.status();
    boolean isItsOwn = status >= 400 && status < 600 && status != 401;
    return isKnown && isItsOwn
        ? new RefusedException(status, String.valueOf(code), null)
        : malformed("status " + status);
  }

  /** Where it is. */
  @Override
  public String toString() {
    return base;
  }
}
