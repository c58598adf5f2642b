package dev.taper.server.connect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the definitions of tools. */
final class Definitions {
  private Definitions() {}

  /**
   * A definition.
   *
   * @param changes true if a call changes anything
   * @param properties the arguments, each with its schema
   */
  static Map<String, Object> of(
      String name,
      String description,
      boolean changes,
      Map<String, Object> properties,
      List<String> required) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("name", name);
    tool.put("description", description);
    tool.put("inputSchema", schema);
    tool.put(
        "annotations",
        Map.of("readOnlyHint", !changes, "destructiveHint", false, "openWorldHint", false));
    return tool;
  }

  static Map<String, Object> text(String description) {
    return Map.of("type", "string", "description", description);
  }

  static Map<String, Object> integer(String description, int least, int most) {
    return Map.of("type", "integer", "description", description, "minimum", least, "maximum", most);
  }
}
