package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import org.jspecify.annotations.Nullable;

/** Says whether a request that is not small is read. Thread-safe. */
@FunctionalInterface
public interface Admission {
  /**
   * Verifies a request's token.
   *
   * @param method of the request
   * @param token as it stands in the message; null if there is none, or it is no text
   * @return what is answered to a request that is not read; null if it is read
   */
  @Nullable HttpRefusal unread(String method, @Nullable String token);
}
