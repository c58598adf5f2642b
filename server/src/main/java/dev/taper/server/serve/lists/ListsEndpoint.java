package dev.taper.server.serve.lists;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/revocations} and {@code GET /v1/root-keys}. Both are public: a list names nothing
 * but fingerprints, and its signature is what counts. Thread-safe.
 */
final class ListsEndpoint implements Endpoint {
  private static final HttpAnswer MISSING = HttpAnswer.of(HttpRefusal.of(503, "unavailable", null));
  private static final HttpAnswer NOT_READ =
      HttpAnswer.of(HttpRefusal.of(400, "invalid_request", "lists are read by GET"));

  private final Map<String, Supplier<@Nullable ServedFile>> files;

  ListsEndpoint(Map<String, Supplier<@Nullable ServedFile>> files) {
    this.files = Map.copyOf(files);
  }

  @Override
  public String role() {
    return "lists";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    Supplier<@Nullable ServedFile> file = files.get(request.target());
    if (file == null) {
      return null;
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return NOT_READ;
    }
    ServedFile present = file.get();
    return present == null ? MISSING : present.answer(request);
  }
}
