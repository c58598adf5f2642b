package dev.taper.integrations.mcp;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;

/** What a server says of one of its tools, compared with what a catalog pinned. Pure. */
public final class McpDefinition {
  private McpDefinition() {}

  /**
   * True if a server's tool is what was pinned, or nothing was.
   *
   * @param tool of a catalog
   * @param definition what the server says of it, one JSON object
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_CATALOG} if it is no
   *     definition
   */
  public static boolean isAsPinned(CatalogTool tool, String definition) {
    if (tool.definition() == null) {
      return true;
    }
    ToolCatalog one = ToolCatalog.of("svc:compared").tool(tool.resource(null)).build();
    return one.changed("{\"tools\":[" + definition + "]}").isEmpty();
  }
}
