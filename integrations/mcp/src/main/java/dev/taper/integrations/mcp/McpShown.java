package dev.taper.integrations.mcp;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.decision.ToolOffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an offer leaves of a server's lists, by the server's own names. Thread-safe. */
public final class McpShown {
  private static final String READ = "resources/read";
  private static final String URI = "uri";
  private static final String PROMPT = "prompts/get";
  private static final String NAME = "name";
  private static final String EXECUTION = "execution";

  /** What stands in URIs as it does in their template, beside letters and digits. */
  private static final String KEPT = "-._~:/?#[]@!$&'()*+,;=";

  private final McpTools tools;
  private final ToolOffer offer;
  private final Set<String> offered;

  McpShown(McpTools tools, ToolOffer offer) {
    this.tools = tools;
    this.offer = offer;
    this.offered = Set.copyOf(offer.tools());
  }

  /** True if the caller may try a tool that the server knows by this name. */
  public boolean tool(String name) {
    CatalogTool tool = tools.tool(name);
    return tool != null && offered.contains(tool.name());
  }

  /**
   * True if the caller may try to read a resource.
   *
   * @param uri as the server lists it
   */
  public boolean resource(String uri) {
    CatalogTool tool = tools.method(READ);
    return tool != null && offer.offers(tool.name(), URI, uri);
  }

  /**
   * True if the caller may try to read any resource of a template.
   *
   * @param template as the server lists it, such as <code>file:///pub/{name}</code>
   */
  public boolean resourceTemplate(String template) {
    CatalogTool tool = tools.method(READ);
    return tool != null && offer.offersStart(tool.name(), URI, start(template));
  }

  /** What all URIs of a template start with, as far as no part of it is written otherwise there. */
  private static String start(String template) {
    int end = 0;
    while (end < template.length() && isKept(template.charAt(end))) {
      end++;
    }
    return template.substring(0, end);
  }

  private static boolean isKept(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || KEPT.indexOf(c) >= 0;
  }

  /** True if the caller may try to get a prompt that the server knows by this name. */
  public boolean prompt(String name) {
    CatalogTool tool = tools.method(PROMPT);
    return tool != null && offer.offers(tool.name(), NAME, name);
  }

  /**
   * What of a list its caller gets. What is in no form of the protocol is left out, as are tools
   * that are not defined as they were pinned, or that their server runs as a task alone.
   *
   * @param method such as {@code tools/list}
   * @param result of the server
   */
  public Map<String, @Nullable Object> cut(String method, Map<String, @Nullable Object> result) {
    String member = McpGuard.entriesOf(method);
    if (member == null) {
      throw new IllegalStateException("no list: " + method);
    }
    List<@Nullable Object> left = new ArrayList<>();
    if (result.get(member) instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> map && isShown(member, map)) {
          Map<Object, @Nullable Object> shown = new LinkedHashMap<>(map);
          shown.remove(EXECUTION); // how a tool is run as a task, which nobody here carries
          left.add(shown);
        }
      }
    }
    Map<String, @Nullable Object> cut = new LinkedHashMap<>(result);
    cut.put(member, left);
    return cut;
  }

  private boolean isShown(String member, Map<?, ?> entry) {
    return switch (member) {
      case "tools" -> isToolShown(entry);
      case "prompts" -> entry.get(NAME) instanceof String name && prompt(name);
      case "resources" -> entry.get(URI) instanceof String uri && resource(uri);
      default -> entry.get("uriTemplate") instanceof String template && resourceTemplate(template);
    };
  }

  private boolean isToolShown(Map<?, ?> entry) {
    boolean needsTask =
        entry.get(EXECUTION) instanceof Map<?, ?> execution
            && "required".equals(execution.get("taskSupport"));
    if (needsTask || !(entry.get(NAME) instanceof String name)) {
      return false;
    }
    CatalogTool tool = tools.tool(name);
    return tool != null
        && offered.contains(tool.name())
        && McpGuard.Definitions.isAsPinned(tool, entry);
  }
}
