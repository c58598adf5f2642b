package dev.taper.integrations.mcp;

import dev.taper.agent.catalog.CatalogTool;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an offer leaves of a server's lists, by the server's own names. Immutable and thread-safe.
 */
public final class McpShown {
  private final McpTools tools;
  private final Set<String> offered;

  McpShown(McpTools tools, List<String> offered) {
    this.tools = tools;
    this.offered = Set.copyOf(offered);
  }

  /** True if the caller may try a tool that the server knows by this name. */
  public boolean tool(String name) {
    return isOffered(tools.tool(name));
  }

  /** True if the caller may try anything with a method, such as {@code resources/read}. */
  public boolean method(String method) {
    return !method.equals(CatalogTool.McpRoute.CALL) && isOffered(tools.method(method));
  }

  private boolean isOffered(@Nullable CatalogTool tool) {
    return tool != null && offered.contains(tool.name());
  }
}
