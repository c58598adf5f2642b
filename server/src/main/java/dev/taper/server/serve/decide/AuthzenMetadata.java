package dev.taper.server.serve.decide;

import dev.taper.JsonFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import dev.taper.operations.WebUrl;
import dev.taper.server.listener.Endpoint;
import java.net.URI;
import java.util.Locale;
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
   * @param identifier {@code https}, a host, perhaps a port
   * @throws OperationException {@code usage} for any other
   */
  AuthzenMetadata(String identifier) {
    URI url = WebUrl.plain(identifier);
    if (url == null
        || !"https".equals(url.getScheme())
        || !url.getRawPath().isEmpty()
        || !identifier.equals(identifier.toLowerCase(Locale.ROOT))) {
      throw OperationException.usage(
          "--authzen-url is https://HOST or https://HOST:PORT, in small letters, with nothing behind");
    }
    this.answer =
        HttpAnswer.json(
            200,
            new JsonFields()
                .put("policy_decision_point", identifier)
                .put("access_evaluation_endpoint", identifier + AuthzenEndpoint.EVALUATION)
                .put("access_evaluations_endpoint", identifier + AuthzenEndpoint.EVALUATIONS)
                .put("search_action_endpoint", identifier + AuthzenEndpoint.ACTIONS));
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
