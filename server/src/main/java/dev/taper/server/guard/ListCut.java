package dev.taper.server.guard;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpShown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cuts a server's lists to what a caller may try. Pure. */
final class ListCut {
  private static final String EXECUTION = "execution";

  private ListCut() {}

  /** What of a list its caller gets; what is in no form of the protocol is left out. */
  static Map<String, @Nullable Object> of(
      String method, Map<String, @Nullable Object> result, McpShown shown, McpGuard guard) {
    String member =
        switch (method) {
          case "tools/list" -> "tools";
          case "resources/list" -> "resources";
          case "resources/templates/list" -> "resourceTemplates";
          case "prompts/list" -> "prompts";
          default -> throw new IllegalStateException("no list: " + method);
        };
    List<@Nullable Object> left = new ArrayList<>();
    if (result.get(member) instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> map && isShown(method, map, shown, guard)) {
          left.add(withoutTasks(map));
        }
      }
    }
    Map<String, @Nullable Object> cut = new LinkedHashMap<>(result);
    cut.put(member, left);
    return cut;
  }

  /** An entry without how its tool is run as a task, which nobody here carries. */
  private static Map<String, @Nullable Object> withoutTasks(Map<?, ?> entry) {
    Map<String, @Nullable Object> without = new LinkedHashMap<>();
    entry.forEach((name, value) -> without.put(String.valueOf(name), value));
    without.remove(EXECUTION);
    return without;
  }

  /** True for a tool that its server runs as a task alone. */
  private static boolean needsTask(Map<?, ?> entry) {
    return entry.get(EXECUTION) instanceof Map<?, ?> execution
        && "required".equals(execution.get("taskSupport"));
  }

  private static boolean isShown(String method, Map<?, ?> entry, McpShown shown, McpGuard guard) {
    return switch (method) {
      case "tools/list" -> isToolShown(entry, shown, guard);
      case "prompts/list" -> entry.get("name") instanceof String name && shown.prompt(name);
      case "resources/list" -> entry.get("uri") instanceof String uri && shown.resource(uri);
      default ->
          entry.get("uriTemplate") instanceof String template && shown.resourceTemplate(template);
    };
  }

  @SuppressWarnings("unchecked") // read from JSON
  private static boolean isToolShown(Map<?, ?> entry, McpShown shown, McpGuard guard) {
    if (!(entry.get("name") instanceof String name) || !shown.tool(name) || needsTask(entry)) {
      return false;
    }
    CatalogTool tool = guard.tool(name);
    return tool != null && ServerTools.isAsPinned(tool, (Map<String, @Nullable Object>) entry);
  }
}
