package dev.taper.server.guard;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.mcp.McpGuard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a server says of its tools, at one moment. Thread-safe. */
final class ServerTools {
  static final ServerTools NONE = new ServerTools(List.of());

  private final Map<String, Map<String, @Nullable Object>> definitions = new HashMap<>();
  private final Map<CatalogTool, Boolean> pinned = new ConcurrentHashMap<>();

  /** Keeps definitions; of two with one name, none: nobody knows which one is called. */
  ServerTools(List<Map<String, @Nullable Object>> given) {
    for (Map<String, @Nullable Object> definition : given) {
      if (definition.get("name") instanceof String name
          && definitions.put(name, definition) != null) {
        definitions.put(name, Map.of());
      }
    }
  }

  boolean hasOutputSchema(@Nullable Object name) {
    return name instanceof String text
        && definitions.getOrDefault(text, Map.of()).get("outputSchema") != null;
  }

  /** The schema of a tool's arguments; null if the server has no such tool. */
  @SuppressWarnings("unchecked") // read from JSON
  @Nullable Map<String, @Nullable Object> inputSchema(@Nullable Object name) {
    Object schema =
        name instanceof String text
            ? definitions.getOrDefault(text, Map.of()).get("inputSchema")
            : null;
    return schema instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
  }

  /** True if the tool is there and is what the catalog pinned. */
  boolean isAsPinned(CatalogTool tool) {
    return pinned.computeIfAbsent(
        tool,
        of -> {
          CatalogTool.McpRoute route = of.mcp();
          String name = route == null ? null : route.name();
          Map<String, @Nullable Object> definition = name == null ? null : definitions.get(name);
          return definition != null && McpGuard.Definitions.isAsPinned(of, definition);
        });
  }
}
