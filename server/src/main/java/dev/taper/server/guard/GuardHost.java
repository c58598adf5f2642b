package dev.taper.server.guard;

import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.operations.config.ClientAccess;
import dev.taper.server.mcp.Admission;
import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.process.Metrics;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Makes a guarded conversation for each client's session, and one for all requests without.
 *
 * @param byStatus whether refusals are statuses of HTTP, where that is possible
 * @param isShared whether several clients send requests without a session
 * @param timeout how long the server may be silent about a request
 * @param later goes on with what waited for the server
 * @param waiting what waits for the server, of all conversations
 * @param access what the server gets from its clients
 * @param holders verifies who goes on with a session over HTTP
 */
record GuardHost(
    McpGuard guard,
    Upstream upstream,
    Metrics metrics,
    boolean byStatus,
    boolean isShared,
    Duration timeout,
    ScheduledExecutorService timers,
    Executor later,
    WaitingCalls waiting,
    ClientAccess access,
    HolderCheck holders)
    implements Conversation.Host {
  private static final int MAX_REQUESTS = 256;
  private static final int MAX_SHARED = 1024;

  @Override
  public Admission admission() {
    return guard::unread;
  }

  @Override
  public Conversation session(Outlet.Client client) throws RpcFault {
    return Relay.open(
        client,
        new Relay.Bounds(timeout, MAX_REQUESTS, false),
        upstream,
        timers,
        relay -> new SessionRules(this, relay));
  }

  @Override
  public Conversation stateless(Outlet.Client client) throws RpcFault {
    return Relay.open(
        client,
        new Relay.Bounds(timeout, isShared ? MAX_SHARED : MAX_REQUESTS, isShared),
        upstream,
        timers,
        relay -> new AloneRules(this, relay));
  }
}
