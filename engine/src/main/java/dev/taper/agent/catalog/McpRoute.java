package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentMcp;
import org.jspecify.annotations.Nullable;

/**
 * How a tool is called over the Model Context Protocol. Immutable and thread-safe.
 *
 * @param method such as {@code tools/call}
 * @param name of the tool, for {@code tools/call}; null for other methods
 */
public record McpRoute(String method, @Nullable String name) {
  /** The method that calls tools. */
  public static final String CALL = "tools/call";

  /**
   * Checks that a message can have the method.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if none can; {@link
   *     ErrorCode#INVALID_ARGUMENT} if it has a name and does not call tools, or the reverse
   */
  public McpRoute {
    SentMcp.of(method, "{}");
    if (method.equals(CALL) != (name != null)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the name of a tool belongs to " + CALL + " and only there");
    }
  }

  /** A tool by the name that its server has for it. */
  public static McpRoute tool(String name) {
    return new McpRoute(CALL, name);
  }
}
