package dev.taper.server.mcp;

import dev.taper.integrations.mcp.McpGuard;
import org.jspecify.annotations.Nullable;

/** Says how much of a request is read, before anything is made of it. Thread-safe. */
@FunctionalInterface
public interface Admission {
  /**
   * Verifies a request's token.
   *
   * @param method of the request
   * @param token as it stands in the message; null if there is none, or it is no text
   */
  McpGuard.Reading reading(String method, @Nullable String token);
}
