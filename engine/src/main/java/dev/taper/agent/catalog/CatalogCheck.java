package dev.taper.agent.catalog;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentHttp;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Checks that the parts of a tool fit each other, so that every call of it can be judged. */
final class CatalogCheck {
  /** The most arguments of one tool; a call has fewer. */
  private static final int MAX_ARGUMENTS = 256;

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final CatalogTool tool;
  private final String place;

  private CatalogCheck(CatalogTool tool) {
    this.tool = tool;
    this.place = "tool " + ShownText.of(tool.name(), 64);
  }

  static void check(CatalogTool tool, List<ToolCatalog.Origin> origins) {
    CatalogCheck check = new CatalogCheck(tool);
    check.names();
    check.ways(origins);
    check.resource();
    check.places(origins);
  }

  private void names() {
    try {
      Canonical.tool(tool.name());
      if (tool.operation() != null) {
        Canonical.operation(tool.operation());
      }
      tool.arguments().keySet().forEach(Canonical::argumentName);
    } catch (TaperException e) {
      throw CatalogReader.invalid(place, "is not what it must be: " + e.getMessage());
    }
    if (tool.arguments().size() > MAX_ARGUMENTS) {
      throw CatalogReader.invalid(place, "has more than " + MAX_ARGUMENTS + " arguments");
    }
    long amounts =
        tool.arguments().values().stream()
            .filter(argument -> argument.role() == CatalogTool.Role.AMOUNT)
            .count();
    if (amounts > 1) {
      throw CatalogReader.invalid(place, "has more than one amount: declare one of them");
    }
    if (tool.definition() != null && !DIGEST.matcher(tool.definition()).matches()) {
      throw CatalogReader.invalid(place, "has a definition that is no SHA-256 digest");
    }
  }

  private void ways(List<ToolCatalog.Origin> origins) {
    if (tool.http() != null && tool.mcp() != null) {
      throw CatalogReader.invalid(place, "is called over HTTP or MCP, not over both");
    }
    if (tool.http() != null && origins.isEmpty()) {
      throw CatalogReader.invalid(place, "is called over HTTP, and the catalog names no origin");
    }
    if (tool.http() != null && tool.arguments().containsKey(HttpRules.METHOD_MEMBER)) {
      throw CatalogReader.invalid(place, "has an argument that changes the method");
    }
  }

  private void resource() {
    if (tool.resource() == null) {
      return;
    }
    String at = place + ".resource";
    for (String name : ResourceTemplate.parse(tool.resource(), at).names()) {
      switch (known(name, at).type().kind()) {
        case STRING, INTEGER, NUMBER, ANY -> {} // can be one segment
        case BOOLEAN, ARRAY, OBJECT -> throw CatalogReader.invalid(at, shown(name) + " is no text");
      }
    }
  }

  /** Each argument comes from one place of a request, or from where the caller names it. */
  private void places(List<ToolCatalog.Origin> origins) {
    Set<String> placed = new HashSet<>();
    CatalogTool.HttpRoute route = tool.http();
    if (route != null) {
      route.names().forEach(name -> place(name, place + ".http", placed));
      Set<String> labels = new TreeSet<>();
      origins.stream()
          .map(ToolCatalog.Origin::argument)
          .filter(Objects::nonNull)
          .forEach(labels::add);
      labels.forEach(name -> place(name, place + " (origins)", placed));
    }
    Set<String> fields = new HashSet<>();
    tool.arguments()
        .forEach(
            (name, argument) -> {
              if (argument.field() != null) {
                String at = place + ".arguments." + ShownText.of(name, 64);
                if (route == null || !fields.add(SentHttp.foldedName(argument.field()))) {
                  throw CatalogReader.invalid(at, "shares its header field, or has no HTTP route");
                }
                if (!argument.dropped()) {
                  place(name, at, placed);
                }
              }
            });
    String content = tool.content();
    if (content != null) {
      String at = place + ".content";
      if (route == null || !known(content, at).type().opaque() || !placed.add(content)) {
        throw CatalogReader.invalid(
            at, "names an argument that is not opaque or sent elsewhere, or has no HTTP route");
      }
    }
  }

  private void place(String name, String at, Set<String> placed) {
    ArgumentType.Kind kind = known(name, at).type().kind();
    if (kind == ArgumentType.Kind.ARRAY || kind == ArgumentType.Kind.OBJECT) {
      throw CatalogReader.invalid(at, shown(name) + " is no text");
    }
    if (!placed.add(name)) {
      throw CatalogReader.invalid(at, shown(name) + " is named in another place, too");
    }
  }

  private CatalogTool.Argument known(String name, String at) {
    CatalogTool.Argument argument = tool.arguments().get(name);
    if (argument == null || argument.dropped()) {
      throw CatalogReader.invalid(
          at, "names an argument that the tool does not have: " + shown(name));
    }
    return argument;
  }

  private static String shown(String name) {
    return "\"" + ShownText.of(name, 64) + "\"";
  }
}
