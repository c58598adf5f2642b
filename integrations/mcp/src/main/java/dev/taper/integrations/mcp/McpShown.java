package dev.taper.integrations.mcp;

import dev.taper.agent.ToolOffer;
import dev.taper.agent.catalog.CatalogTool;
import java.util.Set;

/** What an offer leaves of a server's lists, by the server's own names. Thread-safe. */
public final class McpShown {
  private static final String READ = "resources/read";
  private static final String URI = "uri";
  private static final String PROMPT = "prompts/get";
  private static final String NAME = "name";

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
}
