package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.server.StatusFilter;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A tool that its server defines otherwise than the catalog pinned it is as one nobody knows. */
class PinnedTest {
  private final World world = new World();

  private ToolCatalog drafted() throws Exception {
    String list =
        McpJsonDefaults.getMapper()
            .writeValueAsString(ListToolsResult.builder(Tools.definitions()).build());
    return ToolCatalog.draft(World.AUDIENCE, list);
  }

  private AgentClient agent() {
    return AgentClient.of(
        Issuer.of(world.root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", world.planner.publicKey()))
                    .task("T-4711")
                    .grant("search, close")
                    .expiresIn(Duration.ofHours(1))),
        world.planner,
        World.AUDIENCE);
  }

  private McpGuard guard(ToolCatalog catalog) {
    return McpGuard.of(
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(World.AUDIENCE)
            .catalog(catalog)
            .withoutRevocation()
            .build());
  }

  private static CallToolRequest search() {
    return CallToolRequest.builder("search").arguments(Map.of("query", "a")).build();
  }

  /** A catalog that pinned another definition of one tool. */
  private ToolCatalog changed() throws Exception {
    String pinned = drafted().toJson();
    String digest =
        pinned.replaceFirst(
            "(?s).*\"definition\":\"([0-9a-f]{64})\",\"mcp\":\\{[^}]*\"search\".*", "$1");
    return ToolCatalog.parse(pinned.replace(digest, "0".repeat(64)));
  }

  @Test
  void tools_asPinned_areServed() throws Exception {
    try (HttpService service = HttpService.streamable(guard(drafted()));
        Clients clients = new Clients()) {
      McpSyncClient client = clients.http(service.origin(), agent());

      assertThat(client.listTools().tools())
          .extracting(Tool::name)
          .containsExactlyInAnyOrder("search", "close");
      assertThat(client.callTool(search()).isError()).isNotEqualTo(true);
      assertThat(client.callTool(search()).isError()).isNotEqualTo(true);
    }
  }

  @Test
  void tool_pinnedOtherwise_isUnknown() throws Exception {
    ToolCatalog other = changed();
    for (HttpService service :
        List.of(HttpService.streamable(guard(other)), HttpService.stateless(guard(other)))) {
      try (service;
          Clients clients = new Clients()) {
        McpSyncClient client = clients.http(service.origin(), agent());

        assertThat(client.listTools().tools()).extracting(Tool::name).containsExactly("close");
        assertThat(GuardContract.unknown(client, search()).code()).isEqualTo(-32602);
        assertThat(service.reached).isEmpty();
      }
    }
  }

  /** Who judges before the server can be asked takes the call; it does not arrive all the same. */
  @Test
  void tool_pinnedOtherwise_isUnknownByStatus() throws Exception {
    McpGuard asPinned = guard(drafted());
    McpGuard changed = guard(changed());
    try (HttpService service = HttpService.streamable(asPinned, StatusFilter.of(asPinned));
        HttpService other = HttpService.streamable(changed, StatusFilter.of(changed));
        HttpService stateless = HttpService.stateless(changed, StatusFilter.of(changed));
        Clients clients = new Clients()) {
      McpSyncClient client = clients.http(service.origin(), agent());
      assertThat(client.callTool(search()).isError()).isNotEqualTo(true);
      assertThat(service.reached).hasSize(1);

      for (HttpService one : List.of(other, stateless)) {
        McpSyncClient refused = clients.http(one.origin(), agent());
        assertThat(GuardContract.unknown(refused, search()).code()).isEqualTo(-32602);
        assertThat(one.reached).isEmpty();
      }
    }
  }
}
