package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.operations.config.ClientAccess;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes on of a request that is open. */
class OpenedClientTest {
  private static final Map<String, @Nullable Object> SAMPLING =
      Map.of(
          "messages", List.of(),
          "tools", List.of(Map.of("name", "shell")),
          "toolChoice", Map.of("mode", "required"),
          "includeContext", "allServers");

  private static Set<String> passed(
      Map<String, @Nullable Object> able, String method, Map<String, @Nullable Object> params) {
    ClientSide side = new ClientSide(new ClientAccess(List.of(), true, Set.of("form", "url")));
    side.begin(Revision.of("2025-11-25"), new LinkedHashMap<>(able));
    RpcMessage on = side.request(new RpcMessage.Request(1L, method, params));
    return Objects.requireNonNull(((RpcMessage.Request) Objects.requireNonNull(on)).params())
        .keySet();
  }

  @Test
  void request_partOfSamplingThatIsNotOpen_isDropped() {
    String method = "sampling/createMessage";
    assertThat(passed(Map.of("sampling", Map.of()), method, SAMPLING)).containsExactly("messages");
    assertThat(passed(Map.of("sampling", Map.of("tools", Map.of())), method, SAMPLING))
        .containsExactlyInAnyOrder("messages", "tools", "toolChoice");
    assertThat(passed(Map.of("sampling", Map.of("context", Map.of())), method, SAMPLING))
        .containsExactlyInAnyOrder("messages", "includeContext");
    assertThat(
            passed(
                Map.of("sampling", Map.of()),
                method,
                Map.of("messages", List.of(), "includeContext", "none")))
        .containsExactlyInAnyOrder("messages", "includeContext");
  }

  @Test
  void request_memberOfAnotherWayToAsk_isDropped() {
    Map<String, @Nullable Object> able =
        Map.of("elicitation", Map.of("form", Map.of(), "url", Map.of()));
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("message", "m");
    params.put("url", "https://evil.example");
    params.put("elicitationId", "x");
    params.put("requestedSchema", Map.of());
    assertThat(passed(able, "elicitation/create", params))
        .containsExactlyInAnyOrder("message", "requestedSchema");
    params.put("mode", "url");
    assertThat(passed(able, "elicitation/create", params))
        .containsExactlyInAnyOrder("mode", "message", "url", "elicitationId");
  }
}
