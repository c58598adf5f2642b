package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.server.keeper.KeeperRequest.Provable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads what is to be proved: exactly one of the forms in which a call is sent. */
final class ProvableReader {
  private static final byte[] NOTHING = {};

  private ProvableReader() {}

  static Provable read(JsonMembers<KeeperRefusal> all) {
    JsonMembers<KeeperRefusal> http = all.objectOrNull("http");
    JsonMembers<KeeperRefusal> mcp = all.objectOrNull("mcp");
    JsonMembers<KeeperRefusal> tool = all.objectOrNull("tool");
    boolean offer = all.flag("offer");
    int forms = (http == null ? 0 : 1) + (mcp == null ? 0 : 1) + (tool == null ? 0 : 1);
    if (forms + (offer ? 1 : 0) != 1) {
      throw KeeperRefusal.invalid("one thing is proved: http, mcp, tool or offer");
    }
    if (http != null) {
      return new KeeperRequest.ProvableHttp(http(http));
    }
    if (mcp != null) {
      return mcp(mcp);
    }
    return tool == null ? new KeeperRequest.ProvableOffer() : tool(tool);
  }

  static SentHttp http(JsonMembers<KeeperRefusal> http) {
    String url = http.text("url");
    SentHttp sent;
    try {
      sent = SentHttp.of(http.text("method"), new URI(url));
    } catch (URISyntaxException e) {
      throw KeeperRefusal.invalid("http.url is no URL");
    }
    byte[] content = http.bytesOrNull("content");
    sent = sent.ownContent(http.textOrNull("content_type"), content == null ? NOTHING : content);
    String encoding = http.textOrNull("content_encoding");
    sent = encoding == null ? sent : sent.contentEncoding(encoding);
    JsonMembers<KeeperRefusal> fields = http.objectOrNull("fields");
    if (fields != null) {
      for (Map.Entry<String, String> field : fields.allTexts().entrySet()) {
        sent = sent.field(field.getKey(), field.getValue());
      }
    }
    http.end();
    return sent;
  }

  private static Provable mcp(JsonMembers<KeeperRefusal> mcp) {
    String method = mcp.text("method");
    String given = mcp.has("params") ? mcp.json("params") : "{}";
    mcp.end();
    String meta = CanonicalJson.members(given).getOrDefault("_meta", "{}");
    if (!meta.startsWith("{")) {
      throw KeeperRefusal.invalid("mcp.params._meta is no object");
    }
    return new KeeperRequest.ProvableMcp(SentMcp.of(method, given), meta);
  }

  private static Provable tool(JsonMembers<KeeperRefusal> tool) {
    if (tool.has("operation") || tool.has("resource")) {
      return new KeeperRequest.ProvableTool(call(tool).sent());
    }
    String name = tool.text("name");
    String arguments = tool.has("arguments") ? tool.json("arguments") : "{}";
    tool.end();
    return new KeeperRequest.ProvableTool(SentTool.of(name, arguments));
  }

  /**
   * A call that states itself what it means. Every text in it is taken as it is: what an argument
   * means is for the service to say.
   */
  static ToolCall call(JsonMembers<KeeperRefusal> tool) {
    String name = tool.text("name");
    String operation = tool.textOrNull("operation");
    String resource = tool.textOrNull("resource");
    String arguments = tool.has("arguments") ? tool.json("arguments") : "{}";
    tool.end();
    JsonFields call =
        new JsonFields()
            .put("tool", name)
            .putIfPresent("operation", operation)
            .putIfPresent("resource", resource)
            .json("args", arguments);
    Set<String> names = new HashSet<>(KeeperJson.JSON.read(arguments, "arguments").names());
    return ToolCall.parse(call.toJson(), names);
  }
}
