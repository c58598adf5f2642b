package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.JsonMembers;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.crypto.Digests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Drafts catalogs from what servers of the Model Context Protocol say of their tools. */
final class McpDraft {
  private static final int MAX_MCP_NAME = 1 << 16;

  /** The most characters of a server's name that a name of ours keeps. */
  private static final int MAX_NAME = 200;

  private McpDraft() {}

  static ToolCatalog draft(ToolCatalog.Builder catalog, String toolsList) {
    Map<String, String> definitions = definitions(toolsList);
    names(definitions.keySet())
        .forEach(
            (mcpName, name) -> {
              String definition = definitions.get(mcpName);
              if (definition != null) {
                catalog.tool(tool(name, mcpName, definition));
              }
            });
    return catalog.build();
  }

  static List<String> changed(ToolCatalog catalog, String toolsList) {
    List<String> changed = new ArrayList<>();
    definitions(toolsList)
        .forEach(
            (mcpName, definition) -> {
              CatalogTool tool = catalog.mcpTool(mcpName);
              if (tool == null || !Digests.sha256Hex(definition).equals(tool.definition())) {
                changed.add(mcpName);
              }
            });
    return changed;
  }

  /** The definitions in canonical form, by the names that the server has for the tools. */
  private static Map<String, String> definitions(String toolsList) {
    Map<String, String> definitions = new TreeMap<>();
    String place = "the list of tools";
    try {
      String tools = CanonicalJson.membersOfDocument(toolsList).get("tools");
      if (tools == null) {
        throw CatalogReader.invalid(place, "has no member tools");
      }
      for (String definition : CanonicalJson.elements(tools)) {
        String name = CatalogReader.JSON.read(definition, place).text("name");
        if (name.length() > MAX_MCP_NAME) {
          throw CatalogReader.invalid(
              place, "has a name of more than " + MAX_MCP_NAME + " characters");
        }
        if (definitions.put(name, definition) != null) {
          throw CatalogReader.invalid(place, "has two tools of one name");
        }
      }
    } catch (TaperException e) {
      throw e.code() == ErrorCode.INVALID_CATALOG
          ? e
          : CatalogReader.invalid(place, "is not what it must be: " + e.getMessage());
    }
    return definitions;
  }

  private static CatalogTool tool(String name, String mcpName, String definition) {
    JsonMembers<TaperException> json =
        CatalogReader.JSON.read(definition, "tool " + ShownText.of(mcpName, 64));
    JsonMembers<TaperException> hints = json.objectIfAny("annotations");
    boolean reads = hints != null && hints.flag("readOnlyHint");
    CatalogTool tool =
        CatalogTool.of(name)
            .operation(reads ? "read" : "write")
            .mcp(CatalogTool.McpRoute.tool(mcpName))
            .definition(Digests.sha256Hex(definition));
    JsonMembers<TaperException> schema = json.objectIfAny("inputSchema");
    JsonMembers<TaperException> properties =
        schema == null ? null : schema.objectIfAny("properties");
    if (schema == null || properties == null) {
      return tool;
    }
    Set<String> required = Set.copyOf(schema.textsIfAny("required"));
    Map<String, CatalogTool.Argument> arguments = new TreeMap<>();
    for (String argument : properties.names()) {
      JsonMembers<TaperException> property = properties.objectIfAny(argument);
      ArgumentType type = property == null ? ArgumentType.ANY : type(property);
      arguments.put(
          argument,
          new CatalogTool.Argument(type, required.contains(argument), false, false, null, null));
    }
    return tool.arguments(arguments);
  }

  /**
   * Names of ours, near to the server's. A name that can stay does, so that no other tool of the
   * server can take it.
   */
  private static Map<String, String> names(Set<String> mcpNames) {
    if (mcpNames.size() > ToolCatalog.MAX_TOOLS) {
      throw CatalogReader.invalid(
          "the list of tools", "has more than " + ToolCatalog.MAX_TOOLS + " tools");
    }
    Map<String, String> names = new TreeMap<>();
    Set<String> taken = new HashSet<>();
    for (String mcpName : mcpNames) {
      if (near(mcpName).equals(mcpName)) {
        names.put(mcpName, mcpName);
        taken.add(mcpName);
      }
    }
    Map<String, Integer> tries = new HashMap<>();
    for (String mcpName : mcpNames) {
      if (!names.containsKey(mcpName)) {
        String near = near(mcpName);
        String name = near;
        while (!taken.add(name)) {
          name = near + "_" + tries.merge(near, 1, Integer::sum);
        }
        names.put(mcpName, name);
      }
    }
    return names;
  }

  private static String near(String mcpName) {
    String cut = mcpName.substring(0, Math.min(mcpName.length(), MAX_NAME));
    String near = cut.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.|\\.$|\\.(?=\\.)", "_");
    return near.isEmpty() ? "_" : near;
  }

  private static ArgumentType type(JsonMembers<TaperException> property) {
    List<String> types = property.textsIfAny("type");
    String format = property.textOrNull("format");
    boolean nullable = types.contains("null");
    List<String> others = types.stream().filter(type -> !type.equals("null")).toList();
    ArgumentType.Kind kind =
        others.size() != 1
            ? ArgumentType.Kind.ANY
            : switch (others.get(0)) {
              case "string" -> ArgumentType.Kind.STRING;
              case "integer" -> ArgumentType.Kind.INTEGER;
              case "number" -> ArgumentType.Kind.NUMBER;
              case "boolean" -> ArgumentType.Kind.BOOLEAN;
              case "array" -> ArgumentType.Kind.ARRAY;
              case "object" -> ArgumentType.Kind.OBJECT;
              default -> ArgumentType.Kind.ANY;
            };
    boolean url = kind == ArgumentType.Kind.STRING && "uri".equals(format);
    return new ArgumentType(
        kind, url ? ArgumentType.Reading.URL : ArgumentType.Reading.PLAIN, nullable, false, null);
  }
}
