package dev.taper.server.guard;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.CatalogTool.Argument;
import dev.taper.agent.catalog.CatalogTool.McpRoute;
import dev.taper.agent.catalog.ToolCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Drafts a catalog from what a server offers, and compares one with it. A draft is a proposal: its
 * operations come from hints, and somebody has to look at it. Pure.
 */
final class CatalogDraft {
  private static final Argument TEXT = Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
  private static final Argument OBJECT =
      Argument.optional(ArgumentType.of(ArgumentType.Kind.OBJECT));
  private static final String URI = "{+uri}";

  private CatalogDraft() {}

  /** What changed about a tool. */
  enum Change {
    /** The server has it, and the catalog has not. */
    NEW,
    /** The server defines it otherwise than the catalog pinned it. */
    CHANGED,
    /** The catalog has it, and the server has not. */
    GONE
  }

  /**
   * A difference.
   *
   * @param name the tool's name in the catalog, or in the draft if it is new
   * @param detail more about it, or empty
   */
  record Difference(Change change, String name, String detail) {}

  /**
   * A draft of everything that a server offers.
   *
   * @param audience the service
   */
  static ToolCatalog of(String audience, ServerListing server) {
    ToolCatalog.Builder catalog = ToolCatalog.of(audience);
    ToolCatalog tools = ToolCatalog.draft(audience, server.toolsList());
    tools.tools().values().forEach(catalog::tool);
    for (CatalogTool method : methods(server)) {
      if (!tools.tools().containsKey(method.name())) {
        catalog.tool(method);
      }
    }
    return catalog.build();
  }

  /** What a server answers beside calls of its tools. */
  private static List<CatalogTool> methods(ServerListing server) {
    List<CatalogTool> methods = new ArrayList<>();
    if (!server.resources().isEmpty()) {
      methods.add(method("resources/read").resource(URI).argument("uri", TEXT));
      if (server.subscribes()) {
        methods.add(method("resources/subscribe").resource(URI).argument("uri", TEXT));
        methods.add(method("resources/unsubscribe").resource(URI).argument("uri", TEXT));
      }
    }
    if (!server.prompts().isEmpty()) {
      methods.add(method("prompts/get").argument("name", TEXT).argument("arguments", OBJECT));
    }
    if (server.standsAlone()) {
      methods.add(method("subscriptions/listen").argument("notifications", OBJECT));
    }
    if (server.completes()) {
      methods.add(
          method("completion/complete")
              .argument("ref", OBJECT)
              .argument("argument", OBJECT)
              .argument("context", OBJECT));
    }
    return methods;
  }

  private static CatalogTool method(String method) {
    return CatalogTool.of("mcp." + method.replace('/', '.'))
        .operation("read")
        .mcp(new McpRoute(method, null));
  }

  /** What is other than the catalog says, in the order of names. */
  static List<Difference> differences(ToolCatalog catalog, ToolCatalog draft) {
    Map<String, Difference> found = new TreeMap<>();
    Map<McpRoute, CatalogTool> now = byRoute(draft);
    Map<McpRoute, CatalogTool> pinned = byRoute(catalog);
    now.forEach(
        (route, tool) -> {
          CatalogTool old = pinned.get(route);
          if (old == null) {
            found.put(tool.name(), new Difference(Change.NEW, tool.name(), ""));
          } else if (tool.definition() != null && !tool.definition().equals(old.definition())) {
            found.put(old.name(), new Difference(Change.CHANGED, old.name(), arguments(old, tool)));
          }
        });
    pinned.forEach(
        (route, tool) -> {
          if (route.name() != null && !now.containsKey(route)) {
            found.put(tool.name(), new Difference(Change.GONE, tool.name(), ""));
          }
        });
    return List.copyOf(found.values());
  }

  private static String arguments(CatalogTool old, CatalogTool now) {
    List<String> words = new ArrayList<>();
    now.arguments().keySet().stream()
        .filter(name -> !old.arguments().containsKey(name))
        .forEach(name -> words.add("+" + name));
    old.arguments().keySet().stream()
        .filter(name -> !now.arguments().containsKey(name))
        .forEach(name -> words.add("-" + name));
    return words.isEmpty() ? "" : "arguments " + String.join(" ", words);
  }

  private static Map<McpRoute, CatalogTool> byRoute(ToolCatalog catalog) {
    Map<McpRoute, CatalogTool> tools = new LinkedHashMap<>();
    for (CatalogTool tool : catalog.tools().values()) {
      McpRoute route = tool.mcp();
      if (route != null) {
        tools.put(route, tool);
      }
    }
    return tools;
  }

  /**
   * The catalog with every tool pinned as the server defines it now. What a person wrote stays: a
   * tool's name, operation, resource and the types of its arguments. New tools and arguments come
   * from the draft; what is gone stays too, and is refused.
   */
  static ToolCatalog pinned(ToolCatalog catalog, ToolCatalog draft) {
    ToolCatalog.Builder pinned = ToolCatalog.of(catalog.audience());
    catalog.origins().forEach(pinned::origin);
    Map<McpRoute, CatalogTool> now = byRoute(draft);
    for (CatalogTool tool : catalog.tools().values()) {
      CatalogTool defined = tool.mcp() == null ? null : now.remove(tool.mcp());
      pinned.tool(defined == null ? tool : pinned(tool, defined));
    }
    now.values().forEach(pinned::tool);
    return pinned.build();
  }

  private static CatalogTool pinned(CatalogTool tool, CatalogTool defined) {
    CatalogTool pinned = tool.definition(defined.definition());
    for (Map.Entry<String, Argument> argument : defined.arguments().entrySet()) {
      if (!tool.arguments().containsKey(argument.getKey())) {
        pinned = pinned.argument(argument.getKey(), argument.getValue());
      }
    }
    return pinned;
  }
}
