package dev.taper.agent.catalog;

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

  /** A tool by the name that its server has for it. */
  public static McpRoute tool(String name) {
    return new McpRoute(CALL, name);
  }
}
