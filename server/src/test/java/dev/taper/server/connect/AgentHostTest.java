package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.Link;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.Upstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of one agent that come and go. */
class AgentHostTest {
  @TempDir private Path folder;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  /** A server that never says anything. */
  private static final class Silent implements Upstream {
    @Override
    public Link open(Link.Receiver receiver) {
      return new Link() {
        @Override
        public void send(RpcMessage message, Map<String, String> fields) {}

        @Override
        public void cancel(Object id) {}

        @Override
        public void close() {}
      };
    }

    @Override
    public boolean isWell() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** A client that takes nothing. */
  private static final class Nobody implements Outlet.Client {
    @Override
    public boolean send(RpcMessage message, int status) {
      return false;
    }

    @Override
    public void end(String reason) {}
  }

  @Test
  void sessionsThatEnd_areToldOfNothingAnyMore() throws Exception {
    World.Side planner = new World(folder).planner();
    AgentHost host =
        new AgentHost(
            planner.holding,
            planner.messages,
            planner.tools,
            new Silent(),
            Duration.ofSeconds(30),
            timers,
            Runnable::run);
    int before = planner.holding.listeners();
    Conversation lasting = host.session(new Nobody());
    for (int i = 0; i < 10; i++) {
      host.session(new Nobody()).close();
    }
    assertThat(planner.holding.listeners()).isEqualTo(before + 1);
    lasting.close();
    assertThat(planner.holding.listeners()).isEqualTo(before);
  }
}
