package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import java.util.Map;

/** What a message of the Model Context Protocol means. */
final class McpMeaning {
  private McpMeaning() {}

  static ToolCall of(SentMcp sent, ToolCatalog catalog) {
    CatalogTool method = catalog.mcpMethod(sent.method());
    if (method != null) {
      return new Meaning(catalog, method, sent).members(sent.params()).call();
    }
    if (!sent.method().equals(CatalogTool.McpRoute.CALL)) {
      throw ToolCatalog.unknown("the service takes no " + ShownText.of(sent.method(), 64));
    }
    String name = null;
    String arguments = "{}";
    for (Map.Entry<String, String> member : CanonicalJson.members(sent.params()).entrySet()) {
      switch (member.getKey()) {
        case "name" -> name = CanonicalJson.string(member.getValue(), "the name of the tool");
        case "arguments" -> arguments = member.getValue();
        default ->
            throw new TaperException(
                ErrorCode.UNKNOWN_ARGUMENT,
                "a call of a tool has no member " + ShownText.of(member.getKey(), 64));
      }
    }
    CatalogTool tool = name == null ? null : catalog.mcpTool(name);
    if (tool == null) {
      throw ToolCatalog.unknown(
          "the service has no tool " + (name == null ? "without a name" : ShownText.of(name, 64)));
    }
    return new Meaning(catalog, tool, sent).members(arguments).call();
  }
}
