package dev.taper.agent.catalog;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.CanonicalJson;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes catalogs as JSON in canonical form; what says nothing is left out. */
final class CatalogWriter {
  private CatalogWriter() {}

  /** Members in the order of their names, each value as JSON. */
  private static final class Members {
    private final Map<String, String> values = new TreeMap<>();

    Members text(String name, @Nullable String value) {
      return value == null ? this : json(name, CanonicalJson.quoted(value));
    }

    Members flag(String name, boolean value) {
      return value ? json(name, "true") : this;
    }

    Members json(String name, String value) {
      values.put(name, value);
      return this;
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder("{");
      values.forEach(
          (name, value) -> {
            out.append(out.length() > 1 ? "," : "")
                .append(CanonicalJson.quoted(name))
                .append(':')
                .append(value);
          });
      return out.append('}').toString();
    }
  }

  static String write(ToolCatalog catalog) {
    Members tools = new Members();
    for (CatalogTool tool : catalog.tools().values()) {
      tools.json(tool.name(), tool(tool));
    }
    Members all =
        new Members()
            .text("format", CatalogReader.FORMAT)
            .text("audience", catalog.audience())
            .json("tools", tools.toString());
    if (!catalog.origins().isEmpty()) {
      StringBuilder origins = new StringBuilder("[");
      for (ToolCatalog.Origin origin : catalog.origins()) {
        origins
            .append(origins.length() > 1 ? "," : "")
            .append(
                new Members()
                    .text("origin", origin.origin())
                    .text("prefix", origin.prefix().isEmpty() ? null : origin.prefix()));
      }
      all.json("origins", origins.append(']').toString());
    }
    return all.toString();
  }

  private static String tool(CatalogTool tool) {
    Members members =
        new Members()
            .text("operation", tool.operation())
            .text("resource", tool.resource())
            .text("definition", tool.definition());
    CatalogTool.HttpRoute http = tool.http();
    if (http != null) {
      members.json(
          "http", new Members().text("method", http.method()).text("path", http.path()).toString());
    }
    CatalogTool.McpRoute mcp = tool.mcp();
    if (mcp != null) {
      members.json(
          "mcp", new Members().text("method", mcp.method()).text("name", mcp.name()).toString());
    }
    if (tool.content() != null) {
      members.json("content", new Members().text("argument", tool.content()).toString());
    }
    if (!tool.arguments().isEmpty()) {
      Members arguments = new Members();
      tool.arguments().forEach((name, argument) -> arguments.json(name, argument(argument)));
      members.json("arguments", arguments.toString());
    }
    return members.toString();
  }

  private static String argument(CatalogTool.Argument argument) {
    ArgumentType type = argument.type();
    boolean any = type.kind() == ArgumentType.Kind.ANY;
    boolean plain = type.reading() == ArgumentType.Reading.PLAIN;
    return new Members()
        .text("type", argument.dropped() && any ? null : type.kind().text())
        .text("is", plain ? null : type.reading().text())
        .flag("nullable", type.nullable() && !any)
        .flag("opaque", type.opaque())
        .text("unit", type.unit())
        .flag("required", argument.required())
        .flag("list", argument.list())
        .flag("dropped", argument.dropped())
        .text("field", argument.field())
        .text("role", argument.role() == null ? null : argument.role().text())
        .toString();
  }
}
