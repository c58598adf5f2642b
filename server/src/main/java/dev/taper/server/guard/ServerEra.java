package dev.taper.server.guard;

import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server takes requests without a session, or has to be given one: the guard's own, which
 * all clients without a session share.
 *
 * @param standsAlone whether it takes them
 * @param said what it says of itself
 */
record ServerEra(boolean standsAlone, Map<String, @Nullable Object> said) {
  private static final int PROBE_SECONDS = 5;
  private static final Revision NEW = Revision.V2026_07_28;
  private static final Map<String, Object> GUARD = Map.of("name", "taper-guard", "version", "1");

  /** The parameters of a request of the guard's own, without a session. */
  static Map<String, @Nullable Object> alone(Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> own = new LinkedHashMap<>(params);
    own.put(
        McpMeta.MEMBER,
        Map.of(
            McpMeta.VERSION,
            NEW.text(),
            McpMeta.CAPABILITIES,
            Map.of(),
            "io.modelcontextprotocol/clientInfo",
            GUARD));
    return own;
  }

  /**
   * Finds out, as clients do: by asking what only newer servers know.
   *
   * @param capabilities what the guard says that it can do, to a server that is given a session
   */
  static CompletableFuture<ServerEra> of(Relay relay, Map<String, ?> capabilities) {
    return relay
        .ask("server/discover", alone(Map.of()))
        .orTimeout(PROBE_SECONDS, TimeUnit.SECONDS)
        .handle((answer, error) -> answer)
        .thenCompose(
            answer ->
                answer instanceof RpcMessage.Result result && isNew(result.result())
                    ? CompletableFuture.completedFuture(new ServerEra(true, result.result()))
                    : begin(relay, capabilities));
  }

  private static boolean isNew(Map<String, @Nullable Object> said) {
    return said.get("supportedVersions") instanceof List<?> versions
        && versions.contains(NEW.text());
  }

  private static CompletableFuture<ServerEra> begin(Relay relay, Map<String, ?> capabilities) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("protocolVersion", Revision.V2025_11_25.text());
    params.put("capabilities", capabilities);
    params.put("clientInfo", GUARD);
    return relay
        .ask(RpcMessage.Request.INITIALIZE, params)
        .thenCompose(
            answer -> {
              Revision agreed =
                  answer instanceof RpcMessage.Result result
                      ? Revision.of(result.result().get("protocolVersion"))
                      : null;
              if (agreed == null || !(answer instanceof RpcMessage.Result result)) {
                return CompletableFuture.failedFuture(
                    new RpcFault(
                        RpcFault.Code.UPSTREAM_UNAVAILABLE, "the server begins no session"));
              }
              relay.tell(new RpcMessage.Notification(RpcMessage.Notification.INITIALIZED, null));
              return CompletableFuture.completedFuture(new ServerEra(false, result.result()));
            });
  }

  /** What the guard says of the server to a client without a session. */
  Map<String, @Nullable Object> discovered() {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("supportedVersions", List.of(NEW.text()));
    Map<String, @Nullable Object> capabilities = RpcMessage.object(said, "capabilities");
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    for (String name : List.of("tools", "resources", "prompts", "completions")) {
      if (capabilities.containsKey(name)) {
        kept.put(name, Map.of()); // without what needs a session: subscriptions, changed lists
      }
    }
    result.put("capabilities", kept);
    if (said.get("instructions") instanceof String text) {
      result.put("instructions", text);
    }
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    if (said.get("serverInfo") != null) {
      meta.put("io.modelcontextprotocol/serverInfo", said.get("serverInfo"));
      result.put(McpMeta.MEMBER, meta);
    }
    return result;
  }
}
