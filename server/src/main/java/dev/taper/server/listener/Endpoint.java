package dev.taper.server.listener;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import org.jspecify.annotations.Nullable;

/** Answers requests to some paths. Thread-safe. */
public interface Endpoint {
  /** The role that it belongs to, for metrics: a word of this program. */
  String role();

  /**
   * Answers a request.
   *
   * @return null if it is for another path
   */
  @Nullable HttpAnswer answer(IncomingRequest request);

  /**
   * Answers a request with a content that is not on the heap.
   *
   * @return null if {@link #answer} answers it
   */
  default @Nullable LargeAnswer largeAnswer(IncomingRequest request) {
    return null;
  }
}
