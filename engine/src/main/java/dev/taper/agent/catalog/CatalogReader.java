package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads catalogs from JSON, strictly. */
final class CatalogReader {
  static final String FORMAT = "taper/1 catalog";

  private CatalogReader() {}

  static ToolCatalog read(String json) {
    JsonMembers root = JsonMembers.parse(json, "the catalog");
    if (!FORMAT.equals(root.needed("format"))) {
      throw JsonMembers.invalid("the catalog", "is of another format than " + FORMAT);
    }
    ToolCatalog.Builder catalog =
        checked("the catalog.audience", () -> ToolCatalog.of(root.needed("audience")));
    for (JsonMembers origin : root.objects("origins")) {
      String prefix = origin.string("prefix");
      String name = origin.needed("origin");
      ToolCatalog.Origin read =
          checked(origin.place(), () -> new ToolCatalog.Origin(name, prefix == null ? "" : prefix));
      checked(origin.place(), () -> catalog.origin(read));
      origin.end();
    }
    JsonMembers tools = root.object("tools");
    if (tools == null) {
      throw JsonMembers.invalid("the catalog", "has no member tools");
    }
    for (String name : tools.names()) {
      JsonMembers tool = tools.object(name);
      if (tool != null) {
        catalog.tool(tool(name, tool));
      }
    }
    root.end();
    return catalog.build();
  }

  private static CatalogTool tool(String name, JsonMembers json) {
    CatalogTool tool =
        CatalogTool.of(name)
            .operation(json.string("operation"))
            .resource(json.string("resource"))
            .definition(json.string("definition"));
    JsonMembers http = json.object("http");
    if (http != null) {
      String method = http.needed("method");
      String path = http.needed("path");
      tool = tool.http(checked(http.place(), () -> new CatalogTool.HttpRoute(method, path)));
      http.end();
    }
    JsonMembers mcp = json.object("mcp");
    if (mcp != null) {
      String method = mcp.needed("method");
      String of = mcp.string("name");
      tool = tool.mcp(checked(mcp.place(), () -> new CatalogTool.McpRoute(method, of)));
      mcp.end();
    }
    JsonMembers content = json.object("content");
    if (content != null) {
      tool = tool.content(content.needed("argument"));
      content.end();
    }
    JsonMembers arguments = json.object("arguments");
    Map<String, CatalogTool.Argument> read = new TreeMap<>();
    if (arguments != null) {
      for (String argument : arguments.names()) {
        JsonMembers of = arguments.object(argument);
        if (of != null) {
          read.put(argument, argument(of));
        }
      }
    }
    json.end();
    return tool.arguments(read);
  }

  private static CatalogTool.Argument argument(JsonMembers json) {
    boolean dropped = json.flag("dropped");
    ArgumentType.Kind kind =
        named(ArgumentType.Kind.values(), ArgumentType.Kind::text, json, "type");
    ArgumentType.Reading reading =
        named(ArgumentType.Reading.values(), ArgumentType.Reading::text, json, "is");
    if (kind == null && !dropped) {
      throw JsonMembers.invalid(json.place(), "has no member type");
    }
    boolean nullable = json.flag("nullable");
    boolean opaque = json.flag("opaque");
    boolean required = json.flag("required");
    boolean list = json.flag("list");
    String unit = json.string("unit");
    String field = json.string("field");
    CatalogTool.Role role = named(CatalogTool.Role.values(), CatalogTool.Role::text, json, "role");
    json.end();
    return checked(
        json.place(),
        () ->
            new CatalogTool.Argument(
                new ArgumentType(
                    kind == null ? ArgumentType.Kind.ANY : kind,
                    reading == null ? ArgumentType.Reading.PLAIN : reading,
                    nullable,
                    opaque,
                    unit),
                required,
                list,
                dropped,
                field,
                role));
  }

  private static <T> @Nullable T named(
      T[] values, Function<T, String> text, JsonMembers json, String member) {
    String name = json.string(member);
    if (name == null) {
      return null;
    }
    return Arrays.stream(values)
        .filter(value -> text.apply(value).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                JsonMembers.invalid(
                    json.place() + "." + member,
                    "is none of " + String.join(", ", Arrays.stream(values).map(text).toList())));
  }

  /** Names the place of what is wrong with a part. */
  private static <T> T checked(String place, Supplier<T> part) {
    try {
      return part.get();
    } catch (TaperException e) {
      throw e.code() == ErrorCode.INVALID_CATALOG
          ? e
          : new TaperException(ErrorCode.INVALID_CATALOG, place + ": " + e.getMessage(), e);
    }
  }
}
