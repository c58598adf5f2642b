package dev.taper.agent.decision;

import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.DerivedCall;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.grant.Grants.ToolOutline;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What calls of a tool have in common by its catalog, before there is one. For one thread. */
final class CallOutline {
  private final CatalogTool tool;
  private final @Nullable Value known;
  private final Set<String> arguments = new TreeSet<>();
  private final Set<String> required = new TreeSet<>();
  private @Nullable String resource;
  private boolean resourceIsWhole = true;

  /**
   * What is known of one argument.
   *
   * @param argument its name
   * @param text its value, which is a string
   * @param whole false if the value only starts so
   */
  record Value(String argument, String text, boolean whole) {}

  private CallOutline(CatalogTool tool, @Nullable Value known) {
    this.tool = tool;
    this.known = known;
    tool.arguments()
        .forEach(
            (name, argument) -> {
              if (!argument.dropped()) {
                arguments.add(name);
                if (argument.required() || isPlaced(name)) {
                  required.add(name);
                }
              }
            });
    if (known != null) {
      required.add(known.argument());
    }
    if (tool.resource() != null) {
      this.resource = start(tool.resource());
    }
  }

  /** True if no request reaches the tool without the argument, as the resource is named by it. */
  private boolean isPlaced(String name) {
    String template = tool.resource();
    return template != null
        && (template.contains("{" + name + "}") || template.contains("{+" + name + "}"));
  }

  /** What the resource of every call starts with: all before an argument that is not known. */
  private String start(String template) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
      int close = template.indexOf('}', open);
      String name = template.substring(open + (template.startsWith("{+", open) ? 2 : 1), close);
      out.append(template, at, open);
      at = close + 1;
      Value value = known != null && name.equals(known.argument()) ? known : null;
      if (value != null) {
        out.append(value.text());
      }
      if (value == null || !value.whole()) {
        resourceIsWhole = false;
        return out.toString();
      }
    }
    return out.append(template, at, template.length()).toString();
  }

  /** What all calls of a tool have in common. */
  static ToolOutline of(CatalogTool tool) {
    return new CallOutline(tool, null).outline(null);
  }

  /**
   * What all calls of a tool have in common of whose arguments one is known.
   *
   * @return null if the catalog has no such tool, or refuses every such call
   */
  static @Nullable ToolOutline of(ToolCatalog catalog, String name, Value known) {
    CatalogTool tool = catalog.tools().get(name);
    CatalogTool.Argument argument = tool == null ? null : tool.arguments().get(known.argument());
    if (tool == null || argument == null) {
      return null;
    }
    if (argument.dropped()) {
      return of(tool);
    }
    CallOutline outline = new CallOutline(tool, known);
    try {
      CallFacts facts = known.whole() ? outline.facts(known, argument, catalog.digest()) : null;
      return outline.outline(new ToolOutline.Known(known.argument(), known.text(), facts));
    } catch (TaperException e) {
      return null;
    }
  }

  /** The facts of a call that has the argument and no other. */
  private CallFacts facts(Value value, CatalogTool.Argument argument, String catalog) {
    DerivedCall call =
        new DerivedCall(SentTool.of(tool.name(), "{}"), catalog, tool.name(), Set.of());
    String json = CanonicalJson.quoted(CanonicalJson.wellFormed(value.text()));
    call.argument(value.argument(), json, argument.type());
    return call.call(tool.operation(), resourceIsWhole ? resource : null).facts();
  }

  private ToolOutline outline(ToolOutline.@Nullable Known value) {
    return new ToolOutline(
        tool.name(), tool.operation(), resource, resourceIsWhole, arguments, required, value);
  }
}
