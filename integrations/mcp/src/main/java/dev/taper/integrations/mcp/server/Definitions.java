package dev.taper.integrations.mcp.server;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.mcp.McpGuard;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a server defines its tools as the catalog pinned them. It remembers the last answer for
 * each pinned tool, because a server gives the same object again and a digest costs. Thread-safe.
 */
final class Definitions {
  private record Known(Tool definition, CatalogTool pinned, boolean same) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** True if the tool is among those of a server, and is there what was pinned. */
  boolean isAsPinned(CatalogTool pinned, List<Tool> tools) {
    CatalogTool.McpRoute route = Objects.requireNonNull(pinned.mcp(), "a tool of MCP");
    return tools.stream()
        .filter(tool -> tool.name().equals(route.name()))
        .findFirst()
        .map(tool -> isAsPinned(pinned, tool))
        .orElse(false);
  }

  @SuppressWarnings("ReferenceEquality") // to compare definitions costs what this saves
  private boolean isAsPinned(CatalogTool pinned, Tool tool) {
    Known last = known.get(pinned.name());
    if (last != null && last.definition == tool && last.pinned == pinned) {
      return last.same;
    }
    boolean same = compare(pinned, tool);
    known.put(pinned.name(), new Known(tool, pinned, same));
    return same;
  }

  private static boolean compare(CatalogTool pinned, Tool tool) {
    try {
      return McpGuard.Definitions.isAsPinned(
          pinned, McpJsonDefaults.getMapper().writeValueAsString(tool));
    } catch (IOException e) {
      throw new TaperException(ErrorCode.INVALID_CATALOG, "a tool cannot be written as JSON", e);
    }
  }
}
