package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Asks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asks by the client that was written from the document alone. */
class NodeAskTest {
  private final AskWorld world = new AskWorld();

  static List<Named<TestService.Starter>> servers() {
    return List.of(
        Named.of("the JDK's server", JdkService::start), Named.of("Jetty", JettyService::start));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void asks_ofTheNodeClient_areAnsweredAsTheDocumentSays(
      TestService.Starter starter, @TempDir Path folder) throws Exception {
    try (TestService service =
        starter.start(
            origin -> HttpGuard.of(world.verifier(origin).build()).keepingAsks(Asks.inMemory()))) {
      String output = NodeClient.askAll(service, world, folder);

      assertThat(output).contains("ok the call with it: 200", "12 passed, 0 failed");
      assertThat(service.reached).hasSize(1);
    }
  }
}
