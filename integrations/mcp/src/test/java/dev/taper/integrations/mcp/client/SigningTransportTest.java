package dev.taper.integrations.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SigningTransportTest {
  /** What is not signed is the transport's own. */
  @Test
  void transport_behind_isToldWhoHearsOfFailuresAndThatItEnds() {
    List<Object> told = new ArrayList<>();
    McpClientTransport behind =
        (McpClientTransport)
            Proxy.newProxyInstance(
                SigningTransportTest.class.getClassLoader(),
                new Class<?>[] {McpClientTransport.class},
                (proxy, method, arguments) -> {
                  told.add(arguments == null ? method.getName() : arguments[0]);
                  return null;
                });
    Supplier<AgentClient> nobody =
        () -> {
          throw new AssertionError("nothing is signed");
        };
    SigningTransport transport = SigningTransport.of(behind, nobody);
    Consumer<Throwable> handler = failure -> {};

    transport.setExceptionHandler(handler);
    transport.close();

    assertThat(told).containsExactly(handler, "close");
  }
}
