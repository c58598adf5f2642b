package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.Link;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.Upstream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
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

  /** It runs on a thread on which nobody else answers. */
  @Test
  void toolOfOurs_thatEndsWithAnError_isAnswered() throws Exception {
    ModelTool broken =
        new ModelTool() {
          @Override
          public String name() {
            return PREFIX + "broken";
          }

          @Override
          public Map<String, Object> definition() {
            return Map.of();
          }

          @Override
          public ToolAnswer call(@Nullable Object arguments, BooleanSupplier isAwaited) {
            throw new Error("of a test");
          }
        };
    World.Side planner = new World(folder).planner();
    List<Thread> running = new ArrayList<>();
    AgentHost host =
        new AgentHost(
            planner.holding,
            planner.messages,
            new ModelTools(List.of(broken), Clock.systemUTC()),
            new Silent(),
            Duration.ofSeconds(30),
            timers,
            work -> {
              Thread thread = new Thread(work);
              running.add(thread);
              thread.start();
            });
    Conversation session = host.session(new Nobody());
    session.received(
        new RpcMessage.Request(1L, "tools/call", Map.of("name", broken.name())), new Nobody());
    for (Thread thread : running) {
      thread.join();
    }
    assertThat(running).hasSize(1);
    assertThat(session.owesAnswers()).isFalse();
    session.close();
  }
}
