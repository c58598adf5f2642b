package dev.taper.agent.catalog;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Canonical;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks that the parts of a tool fit each other, so that every call of it can be judged. */
final class CatalogCheck {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private CatalogCheck() {}

  static void check(CatalogTool tool, List<Origin> origins) {
    String place = "tool " + ShownText.of(tool.name(), 64);
    try {
      Canonical.tool(tool.name());
      if (tool.operation() != null) {
        Canonical.operation(tool.operation());
      }
      tool.arguments().keySet().forEach(Canonical::argumentName);
    } catch (TaperException e) {
      throw JsonMembers.invalid(place, "is not what it must be: " + e.getMessage());
    }
    if (tool.http() != null && tool.mcp() != null) {
      throw JsonMembers.invalid(place, "is called over HTTP or MCP, not over both");
    }
    if (tool.arguments().containsKey(HttpRules.METHOD_MEMBER)) {
      throw JsonMembers.invalid(place, "has an argument that changes the method");
    }
    if (tool.definition() != null && !DIGEST.matcher(tool.definition()).matches()) {
      throw JsonMembers.invalid(place, "has a definition that is no SHA-256 digest");
    }
    arguments(tool, place);
    http(tool, origins, place);
    mcp(tool, place);
  }

  private static void arguments(CatalogTool tool, String place) {
    String resource = tool.resource();
    if (resource != null) {
      ResourceTemplate.parse(resource, place + ".resource")
          .names()
          .forEach(name -> known(tool, name, place + ".resource"));
    }
    String content = tool.content();
    if (content != null) {
      known(tool, content, place + ".content");
      CatalogArgument argument = tool.arguments().get(content);
      if (tool.http() == null || argument == null || !argument.type().opaque()) {
        throw JsonMembers.invalid(
            place + ".content", "names an argument that is not opaque, or there is no HTTP route");
      }
    }
    Set<String> fields = new HashSet<>();
    for (CatalogArgument argument : tool.arguments().values()) {
      if (argument.field() != null && (tool.http() == null || !fields.add(argument.field()))) {
        throw JsonMembers.invalid(
            place, "has two arguments in one header field, or one without an HTTP route");
      }
    }
  }

  private static void http(CatalogTool tool, List<Origin> origins, String place) {
    HttpRoute route = tool.http();
    if (route == null) {
      return;
    }
    if (origins.isEmpty()) {
      throw JsonMembers.invalid(place, "is called over HTTP, and the catalog names no origin");
    }
    Set<String> named = new HashSet<>();
    for (String name : route.names()) {
      CatalogArgument argument = known(tool, name, place + ".http");
      if (!named.add(name) || isStructured(argument)) {
        throw JsonMembers.invalid(
            place + ".http", "names an argument twice, or one that no text can be");
      }
    }
    for (Origin origin : origins) {
      String label = origin.argument();
      if (label != null) {
        known(tool, label, place + " (origin " + origin.origin() + ")");
      }
    }
  }

  private static boolean isStructured(CatalogArgument argument) {
    return argument.type().kind() == ArgumentType.Kind.ARRAY
        || argument.type().kind() == ArgumentType.Kind.OBJECT;
  }

  private static void mcp(CatalogTool tool, String place) {
    McpRoute route = tool.mcp();
    if (route != null && route.method().equals(McpRoute.CALL) != (route.name() != null)) {
      throw JsonMembers.invalid(
          place + ".mcp", "has a name if and only if its method is " + McpRoute.CALL);
    }
  }

  private static CatalogArgument known(CatalogTool tool, @Nullable String name, String place) {
    CatalogArgument argument = name == null ? null : tool.arguments().get(name);
    if (argument == null || argument.dropped()) {
      throw JsonMembers.invalid(place, "names an argument that the tool does not have: " + name);
    }
    return argument;
  }
}
