package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Drafts catalogs from what servers of the Model Context Protocol say of their tools. */
final class McpDraft {
  private McpDraft() {}

  static ToolCatalog draft(ToolCatalog.Builder catalog, String toolsList) {
    Set<String> names = new TreeSet<>();
    definitions(toolsList)
        .forEach((mcpName, definition) -> catalog.tool(tool(mcpName, definition, names)));
    return catalog.build();
  }

  static List<String> changed(ToolCatalog catalog, String toolsList) {
    List<String> changed = new ArrayList<>();
    definitions(toolsList)
        .forEach(
            (mcpName, definition) -> {
              CatalogTool tool = catalog.mcpTool(mcpName);
              if (tool == null || !digest(definition).equals(tool.definition())) {
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
        throw JsonMembers.invalid(place, "has no member tools");
      }
      for (String definition : CanonicalJson.elements(tools)) {
        String name = JsonMembers.parse(definition, place).needed("name");
        if (definitions.put(name, definition) != null) {
          throw JsonMembers.invalid(place, "has two tools of one name");
        }
      }
    } catch (TaperException e) {
      throw e.code() == ErrorCode.INVALID_CATALOG
          ? e
          : JsonMembers.invalid(place, "is not what it must be: " + e.getMessage());
    }
    return definitions;
  }

  private static String digest(String definition) {
    return HexFormat.of().formatHex(Digests.sha256(definition.getBytes(StandardCharsets.UTF_8)));
  }

  private static CatalogTool tool(String mcpName, String definition, Set<String> names) {
    JsonMembers json = JsonMembers.parse(definition, "the tool");
    JsonMembers hints = json.object("annotations");
    boolean reads = hints != null && hints.flag("readOnlyHint");
    CatalogTool tool =
        CatalogTool.of(name(mcpName, names))
            .operation(reads ? "read" : "write")
            .mcp(McpRoute.tool(mcpName))
            .definition(digest(definition));
    JsonMembers schema = json.object("inputSchema");
    JsonMembers properties = schema == null ? null : schema.object("properties");
    if (schema == null || properties == null) {
      return tool;
    }
    List<String> required = schema.strings("required");
    for (String argument : properties.names()) {
      JsonMembers property = properties.object(argument);
      if (property != null) {
        tool =
            tool.argument(
                argument,
                new CatalogArgument(
                    type(property), required.contains(argument), false, false, null));
      }
    }
    return tool;
  }

  /** A name of ours for a tool, near to the server's. */
  private static String name(String mcpName, Set<String> names) {
    String plain =
        mcpName.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.|\\.$|\\.(?=\\.)", "_");
    String name = plain.isEmpty() ? "_" : plain;
    for (int i = 2; !names.add(name); i++) {
      name = plain + "_" + i;
    }
    return Canonical.tool(name);
  }

  private static ArgumentType type(JsonMembers property) {
    List<String> types = property.strings("type");
    String format = property.string("format");
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
        kind,
        url ? ArgumentType.Reading.URL : ArgumentType.Reading.PLAIN,
        nullable || kind == ArgumentType.Kind.ANY,
        false,
        null);
  }
}
