package dev.taper.server.serve.decide;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import org.jspecify.annotations.Nullable;

/** What the service says of itself to anybody. Thread-safe. */
final class DescriptionEndpoint implements Endpoint {
  private final HttpGuard guard;

  DescriptionEndpoint(HttpGuard guard) {
    this.guard = guard;
  }

  @Override
  public String role() {
    return "description";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    return request.target().equals(HttpGuard.WELL_KNOWN) ? guard.answer(request) : null;
  }
}
