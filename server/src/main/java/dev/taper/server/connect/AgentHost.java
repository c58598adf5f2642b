package dev.taper.server.connect;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.Upstream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Makes a conversation for each client of an agent, all with the agent's one authority.
 *
 * @param timeout how long the server may be silent about a request
 * @param waiting runs tools of ours, some of which wait
 */
record AgentHost(
    Holding holding,
    AgentMessages messages,
    ModelTools tools,
    Upstream upstream,
    Duration timeout,
    ScheduledExecutorService timers,
    Executor waiting)
    implements Conversation.Host {
  private static final int MAX_REQUESTS = 256;
  private static final String CHANGED = "notifications/tools/list_changed";

  @Override
  public Conversation session(Outlet.Client client) throws RpcFault {
    client.known(); // whoever reaches it is the agent
    AgentRules rules = new AgentRules(messages, tools, waiting, false);
    Relay relay = open(client, rules);
    Runnable forget =
        holding.onChange(
            () -> {
              if (rules.hasBegun() && relay.isOpen()) {
                boolean unused = client.send(new RpcMessage.Notification(CHANGED, null));
              }
            });
    return new Told(relay, forget);
  }

  /** A conversation that is told of a new token as long as it lasts. */
  private record Told(Relay relay, Runnable forget) implements Conversation {
    @Override
    public void received(RpcMessage message, Outlet outlet) {
      relay.received(message, outlet);
    }

    @Override
    public void gone(Object requestId, Outlet outlet) {
      relay.gone(requestId, outlet);
    }

    @Override
    public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
      return relay.refusal(request, content);
    }

    @Override
    public boolean isOwned() {
      return relay.isOwned();
    }

    @Override
    public boolean mayHave(RpcMessage kept) {
      return relay.mayHave(kept);
    }

    @Override
    public boolean isUsed() {
      return relay.isUsed();
    }

    @Override
    public boolean owesAnswers() {
      return relay.owesAnswers();
    }

    @Override
    public void close() {
      forget.run();
      relay.close();
    }
  }

  @Override
  public Conversation stateless(Outlet.Client client) throws RpcFault {
    return open(client, new AgentRules(messages, tools, waiting, true));
  }

  private Relay open(Outlet.Client client, AgentRules rules) throws RpcFault {
    return Relay.open(
        client, new Relay.Bounds(timeout, MAX_REQUESTS, false), upstream, timers, relay -> rules);
  }
}
