package dev.taper.server.console.relay;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.console.view.ViewRequest;
import dev.taper.server.console.view.Views;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/console}: asks and data for the consoles on people's machines. It has no key, and
 * signs nothing: answers it takes are approvals that were signed elsewhere, or refusals. Nothing is
 * revoked, certified or drafted here. Thread-safe.
 */
public final class RelayEndpoint implements Endpoint {
  /** Where it is. */
  static final String PREFIX = "/v1/console/";

  private static final HttpAnswer UNKNOWN =
      HttpAnswer.of(HttpRefusal.of(404, "unknown_path", "there is nothing at this path"));

  private final Views views;
  private final CallerSecret secret;

  /**
   * Relays what these show.
   *
   * @param secret who asks says it
   */
  public RelayEndpoint(Views views, CallerSecret secret) {
    this.views = views;
    this.secret = secret;
  }

  @Override
  public String role() {
    return "console";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    if (!request.target().startsWith(PREFIX)) {
      return null;
    }
    HttpAnswer stranger = secret.refusal(request);
    if (stranger != null) {
      return stranger;
    }
    try {
      ViewRequest question = ViewRequest.of(request, PREFIX);
      boolean isTaken =
          question != null && (question.method().equals("GET") || question.is("POST", "answers"));
      return question == null || !isTaken || question.first().equals("trust")
          ? UNKNOWN
          : views.answer(question);
    } catch (RefusedException e) {
      return HttpAnswer.of(e.refusal());
    }
  }
}
