package dev.taper.integrations.mcp.server;

import dev.taper.agent.decision.CallDecision;
import io.modelcontextprotocol.common.McpTransportContext;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** What a transport knows of a message, and what was decided about it. */
record CallContext(McpTransportContext transport, CallDecision.Allowed decision)
    implements McpTransportContext {
  /** No text that a transport could use, or a caller name. */
  static final String KEY = CallContext.class.getName();

  static McpTransportContext of(
      McpTransportContext transport, CallDecision.@Nullable Allowed decision) {
    return decision == null ? transport : new CallContext(transport, decision);
  }

  /** Adds a decision to what the SDK's handlers are called with. */
  static Context with(Context context, CallDecision.@Nullable Allowed decision) {
    if (decision == null) {
      return context;
    }
    McpTransportContext transport =
        context.hasKey(McpTransportContext.KEY)
            ? context.get(McpTransportContext.KEY)
            : McpTransportContext.EMPTY;
    return context.put(McpTransportContext.KEY, of(transport, decision));
  }

  @Override
  public @Nullable Object get(String key) {
    return key.equals(KEY) ? decision : transport.get(key);
  }
}
