package dev.taper.integrations.mcp.client;

import dev.taper.integrations.mcp.McpRefusal;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.jspecify.annotations.Nullable;

/** Finds refusals in what a server answers. */
public final class Refusals {
  private Refusals() {}

  /** The refusal that a result is; null if it is the tool's own. */
  public static @Nullable McpRefusal in(CallToolResult result) {
    return McpRefusal.in(result.meta());
  }

  /** The refusal that an error is; null if it is another one. */
  public static @Nullable McpRefusal in(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof McpError mcp && mcp.getJsonRpcError() != null) {
        return McpRefusal.in(mcp.getJsonRpcError().data());
      }
    }
    return null;
  }
}
