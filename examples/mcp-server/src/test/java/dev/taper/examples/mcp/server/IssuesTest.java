package dev.taper.examples.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.client.Refusals;
import dev.taper.integrations.mcp.client.SigningTransport;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuesTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);

  @TempDir Path folder;

  private void prepare() throws IOException {
    write(
        "roots.json",
        RootKeySet.of(Clock.systemUTC(), List.of(RootKey.of(1, root.publicKey()))).write());
    write(
        "names.json",
        NamesFile.builder().agent("agent:planner", planner.publicKey()).build().write());
    write(
        "service.yaml",
        """
        audience: svc:issues
        root-keys: roots.json
        catalog: catalog.json
        names: names.json
        revocations: {list: revocations, keys: revoker.pub, memory: revoked.number, every: 1s}
        audit: {log: audit.jsonl, key: audit.key}
        deadline: 20s
        """);
    write("revoker.pub", revoker.publicKey().toString());
    IssuesFiles files = new IssuesFiles(folder);
    files.writeCatalog();
    var unused =
        files.write("audit.key", Pem.writeUnencrypted(PrivateKey.generate(Algorithm.ED25519)));
    lists().renew(RevocationIssuer.of(revoker), RevocationIssuer.Horizon.KEPT);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private RevocationFile lists() {
    return RevocationFile.of(folder.resolve("revocations"), Clock.systemUTC());
  }

  private AgentClient agent() {
    AgentToken token =
        Issuer.of(root)
            .keyId(1)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("issues.close close on issue:7")
                    .expiresIn(Duration.ofHours(1)));
    return AgentClient.of(token, planner, "svc:issues");
  }

  private McpSyncClient connect() {
    List<String> command = new IssuesFiles(folder).command();
    ServerParameters server =
        ServerParameters.builder(command.get(0)).args(command.subList(1, command.size())).build();
    McpSyncClient client =
        McpClient.sync(
                SigningTransport.of(
                    new StdioClientTransport(server, McpJsonDefaults.getMapper()), agent()))
            .initializationTimeout(Duration.ofMinutes(2))
            .build();
    client.initialize();
    return client;
  }

  private static CallToolResult call(McpSyncClient client, String tool, int id) {
    return client.callTool(CallToolRequest.builder(tool).arguments(Map.of("id", id)).build());
  }

  @Test
  void call_untilItsTaskIsRevoked_isAllowed() throws IOException, InterruptedException {
    prepare();
    try (McpSyncClient client = connect()) {
      assertThat(client.listTools().tools()).extracting(Tool::name).containsExactly("close");
      assertThat(Refusals.in(call(client, "close", 7))).isNull();
      assertThat(Refusals.in(call(client, "close", 8)))
          .extracting(McpRefusal::code)
          .isEqualTo("out_of_scope");
      assertThat(Refusals.in(call(client, "delete", 7)))
          .extracting(McpRefusal::code)
          .isEqualTo("out_of_scope");

      lists()
          .revoke(
              RevocationIssuer.of(revoker),
              List.of(
                  RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"))),
              RevocationIssuer.Horizon.KEPT);
      McpRefusal refusal = Refusals.in(call(client, "close", 7));
      for (int i = 0; i < 600 && refusal == null; i++) {
        Thread.sleep(100);
        refusal = Refusals.in(call(client, "close", 7));
      }
      assertThat(refusal).extracting(McpRefusal::code).isEqualTo("revoked");
    }
    assertThat(Files.readString(folder.resolve("audit.jsonl")))
        .contains("issues.close", "out_of_scope");
  }
}
