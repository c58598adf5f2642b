package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
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

  /** The largest document, in characters. */
  static final int MAX_CHARACTERS = 1 << 24;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER = 64;

  /** Reads what catalogs, and lists of tools, are made of. */
  static final JsonReader<TaperException> JSON =
      JsonReader.of(
          MAX_DEPTH,
          MAX_CHARACTERS,
          MAX_NUMBER,
          (message, cause) -> new TaperException(ErrorCode.INVALID_CATALOG, message, cause));

  private CatalogReader() {}

  static ToolCatalog read(String json) {
    JsonMembers<TaperException> root = JSON.read(json, "the catalog");
    if (!FORMAT.equals(root.text("format"))) {
      throw invalid("the catalog", "is of another format than " + FORMAT);
    }
    ToolCatalog.Builder catalog =
        checked("the catalog.audience", () -> ToolCatalog.of(root.text("audience")));
    for (JsonMembers<TaperException> origin : root.objects("origins")) {
      String prefix = origin.textOrNull("prefix");
      String name = origin.text("origin");
      ToolCatalog.Origin read =
          checked(origin.place(), () -> new ToolCatalog.Origin(name, prefix == null ? "" : prefix));
      checked(origin.place(), () -> catalog.origin(read));
      origin.end();
    }
    JsonMembers<TaperException> tools = root.object("tools");
    for (String name : tools.names()) {
      catalog.tool(tool(name, tools.object(name)));
    }
    root.end();
    return catalog.build();
  }

  private static CatalogTool tool(String name, JsonMembers<TaperException> json) {
    CatalogTool tool =
        CatalogTool.of(name)
            .operation(json.textOrNull("operation"))
            .resource(json.textOrNull("resource"))
            .definition(json.textOrNull("definition"));
    JsonMembers<TaperException> http = json.objectOrNull("http");
    if (http != null) {
      String method = http.text("method");
      String path = http.text("path");
      tool = tool.http(checked(http.place(), () -> new CatalogTool.HttpRoute(method, path)));
      http.end();
    }
    JsonMembers<TaperException> mcp = json.objectOrNull("mcp");
    if (mcp != null) {
      String method = mcp.text("method");
      String of = mcp.textOrNull("name");
      tool = tool.mcp(checked(mcp.place(), () -> new CatalogTool.McpRoute(method, of)));
      mcp.end();
    }
    JsonMembers<TaperException> content = json.objectOrNull("content");
    if (content != null) {
      tool = tool.content(content.text("argument"));
      content.end();
    }
    JsonMembers<TaperException> arguments = json.objectOrNull("arguments");
    Map<String, CatalogTool.Argument> read = new TreeMap<>();
    if (arguments != null) {
      for (String argument : arguments.names()) {
        read.put(argument, argument(arguments.object(argument)));
      }
    }
    json.end();
    return tool.arguments(read);
  }

  private static CatalogTool.Argument argument(JsonMembers<TaperException> json) {
    boolean dropped = json.flag("dropped");
    ArgumentType.Kind kind =
        named(ArgumentType.Kind.values(), ArgumentType.Kind::text, json, "type");
    ArgumentType.Reading reading =
        named(ArgumentType.Reading.values(), ArgumentType.Reading::text, json, "is");
    if (kind == null && !dropped) {
      throw invalid(json.place(), "has no member type");
    }
    boolean nullable = json.flag("nullable");
    boolean opaque = json.flag("opaque");
    boolean required = json.flag("required");
    boolean list = json.flag("list");
    String unit = json.textOrNull("unit");
    String field = json.textOrNull("field");
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
      T[] values, Function<T, String> text, JsonMembers<TaperException> json, String member) {
    String name = json.textOrNull(member);
    if (name == null) {
      return null;
    }
    return Arrays.stream(values)
        .filter(value -> text.apply(value).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                json.invalid(
                    member,
                    "is none of " + String.join(", ", Arrays.stream(values).map(text).toList())));
  }

  /** What is wrong with a catalog, or with what one is made of. */
  static TaperException invalid(String place, String why) {
    return new TaperException(ErrorCode.INVALID_CATALOG, place + " " + why);
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
