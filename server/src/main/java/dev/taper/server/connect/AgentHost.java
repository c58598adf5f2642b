package dev.taper.server.connect;

import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.Upstream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

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

  @Override
  public Conversation session(Outlet.Client client) throws RpcFault {
    client.known(); // whoever reaches it is the agent
    AgentRules rules = new AgentRules(messages, tools, waiting, false);
    Relay relay = open(client, rules);
    relay.whenClosed(
        holding.onChange(
            () -> {
              if (rules.hasBegun() && relay.isOpen()) {
                boolean unused = client.send(RpcMessage.Notification.listChanged("tools"));
              }
            }));
    return relay;
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
