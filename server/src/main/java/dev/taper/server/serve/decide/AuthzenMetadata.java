package dev.taper.server.serve.decide;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What AuthZEN's clients read of this process: its identifier, and the addresses of what it
 * answers, which are those of {@link AuthzenEndpoint} and no others. The identifier is the
 * operator's word; what a request says of the host it was sent to is never believed. Thread-safe.
 */
final class AuthzenMetadata implements Endpoint {
  private static final String PATH = "/.well-known/authzen-configuration";

  private final HttpAnswer answer;

  /**
   * Describes a process.
   *
   * @param identifier as {@link #identifier} takes it
   */
  AuthzenMetadata(String identifier) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("policy_decision_point", identifier);
    members.put("access_evaluation_endpoint", identifier + AuthzenEndpoint.EVALUATION);
    members.put("access_evaluations_endpoint", identifier + AuthzenEndpoint.EVALUATIONS);
    members.put("search_action_endpoint", identifier + AuthzenEndpoint.ACTIONS);
    this.answer =
        DecideAnswer.json(
            200,
            json -> {
              for (Map.Entry<String, String> member : members.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
              }
            });
  }

  /** The identifier that a text is: {@code https}, a host, perhaps a port; null if it is none. */
  static @Nullable String identifier(String text) {
    try {
      URI url = new URI(text);
      boolean isBare =
          "https".equals(url.getScheme())
              && url.getHost() != null
              && url.getRawPath().isEmpty()
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && url.getRawUserInfo() == null;
      return isBare && text.equals(text.toLowerCase(Locale.ROOT)) ? text : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  @Override
  public String role() {
    return "authzen";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    return request.method().equals("GET") && request.target().equals(PATH) ? answer : null;
  }
}
