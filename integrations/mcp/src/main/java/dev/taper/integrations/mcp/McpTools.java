package dev.taper.integrations.mcp;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A catalog's tools by the names that a server of MCP has for them. Immutable and thread-safe. */
final class McpTools {
  private final ToolCatalog catalog;
  private final Map<String, CatalogTool> tools = new HashMap<>();
  private final Map<String, CatalogTool> methods = new HashMap<>();

  McpTools(ToolCatalog catalog) {
    this.catalog = catalog;
    for (CatalogTool tool : catalog.tools().values()) {
      CatalogTool.McpRoute route = tool.mcp();
      if (route != null && route.name() != null) {
        tools.put(route.name(), tool);
      } else if (route != null) {
        methods.put(route.method(), tool);
      }
    }
  }

  ToolCatalog catalog() {
    return catalog;
  }

  /** The tool that a server knows by a name; null without one. */
  @Nullable CatalogTool tool(String name) {
    return tools.get(name);
  }

  /** What a method other than {@code tools/call} is; null if it is nothing. */
  @Nullable CatalogTool method(String method) {
    return methods.get(method);
  }
}
