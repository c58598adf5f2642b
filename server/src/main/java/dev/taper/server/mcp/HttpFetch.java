package dev.taper.server.mcp;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a server at a URL, one request after the other, until nobody waits any more: a
 * server may be silent for ever. Thread-safe.
 */
final class HttpFetch {
  private volatile @Nullable HttpBody body;
  private volatile @Nullable CompletableFuture<?> running;
  private volatile boolean cancelled;

  /**
   * Sends a request; it fails if nobody waits any more.
   *
   * @param bodies makes the content of the answer, from its head
   */
  CompletableFuture<HttpResponse<HttpBody>> send(
      HttpClient client, HttpRequest request, Function<ResponseInfo, HttpBody> bodies) {
    if (cancelled) {
      return CompletableFuture.failedFuture(new CancellationException());
    }
    CompletableFuture<HttpResponse<HttpBody>> sent =
        client.sendAsync(
            request,
            head -> {
              HttpBody made = bodies.apply(head);
              body = made;
              if (cancelled) { // meanwhile
                made.cancel();
              }
              return made;
            });
    running = sent;
    if (cancelled) { // meanwhile
      boolean unused = sent.cancel(true);
    }
    return sent;
  }

  /** True once nobody waits any more. */
  boolean isCancelled() {
    return cancelled;
  }

  /** Nobody waits any more: what is under way ends, and nothing more is sent. */
  void cancel() {
    cancelled = true;
    HttpBody present = body;
    if (present != null) {
      present.cancel();
    }
    CompletableFuture<?> future = running;
    if (future != null) {
      boolean unused = future.cancel(true);
    }
  }
}
