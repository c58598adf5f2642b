package dev.taper.integrations.mcp.server;

import dev.taper.agent.decision.CallDecision;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What answers messages that may go on: a server of the SDK, over one kind of transport. */
@FunctionalInterface
interface Server {
  /**
   * Asks it.
   *
   * @param request the message as it was judged
   * @param decision what was decided, for the handler; null if nothing was
   */
  Mono<JSONRPCResponse> ask(JSONRPCRequest request, CallDecision.@Nullable Allowed decision);
}
