package dev.taper.server.serve.lists;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.listener.LargeAnswer;
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

  private final @Nullable Supplier<@Nullable ServedLists> lists;
  private final @Nullable Supplier<@Nullable ServedFile> roots;

  /**
   * Serves what is there.
   *
   * @param lists the revocation lists; null if none are served
   * @param roots the root keys; null if none are served
   */
  ListsEndpoint(
      @Nullable Supplier<@Nullable ServedLists> lists,
      @Nullable Supplier<@Nullable ServedFile> roots) {
    this.lists = lists;
    this.roots = roots;
  }

  @Override
  public String role() {
    return "lists";
  }

  private @Nullable ServedLists served() {
    return lists == null ? null : lists.get();
  }

  private boolean isForLists(IncomingRequest request) {
    return lists != null && request.target().equals("/v1/revocations");
  }

  private static boolean isRead(IncomingRequest request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  @Override
  public @Nullable LargeAnswer largeAnswer(IncomingRequest request) {
    if (!isForLists(request) || !isRead(request)) {
      return null;
    }
    for (ServedLists present = served(); present != null; present = served()) {
      LargeAnswer answer = present.tag().isKnownBy(request) ? null : present.answer();
      if (answer != null || present == served()) {
        return answer;
      } // else others took their place just now
    }
    return null;
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    boolean isForRoots = roots != null && request.target().equals("/v1/root-keys");
    if (!isForRoots && !isForLists(request)) {
      return null;
    }
    if (!isRead(request)) {
      return NOT_READ;
    }
    if (isForRoots) {
      ServedFile present = roots == null ? null : roots.get();
      return present == null ? MISSING : present.answer(request);
    }
    ServedLists present = served();
    return present != null && present.tag().isKnownBy(request)
        ? present.tag().unchanged()
        : MISSING;
  }
}
