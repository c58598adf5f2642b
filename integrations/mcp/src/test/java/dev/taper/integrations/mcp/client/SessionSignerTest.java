package dev.taper.integrations.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import io.modelcontextprotocol.common.McpTransportContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which requests of a session are signed in their header fields. */
class SessionSignerTest {
  private static final URI ENDPOINT = URI.create("https://jira.example.com/mcp");

  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private final AgentClient agent =
      AgentClient.of(
          Issuer.of(PrivateKey.generate(Algorithm.ED25519))
              .mint(
                  Delegation.by("user:alice@acme.com")
                      .to(Agent.of("agent:a", holder.publicKey()))
                      .task("T-1")
                      .grant("jira.search")
                      .expiresIn(Duration.ofHours(1))),
          holder,
          "svc:jira");

  private boolean isSigned(boolean inSession, String method, @Nullable String body) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(ENDPOINT);
    if (inSession) {
      builder.setHeader("Mcp-Session-Id", "S-1");
    }
    SessionSigner.of(agent).customize(builder, method, ENDPOINT, body, McpTransportContext.EMPTY);
    int fields = builder.build().headers().map().size();
    assertThat(fields).isGreaterThanOrEqualTo(inSession ? 1 : 0);
    return fields > (inSession ? 1 : 0);
  }

  @Test
  void customize_whatSaysNotWhoSendsIt_isSigned() {
    String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}";
    assertThat(isSigned(true, "POST", notification)).isTrue();
    assertThat(isSigned(true, "POST", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")).isTrue();
    assertThat(isSigned(true, "POST", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"))
        .isTrue();
    assertThat(isSigned(true, "GET", null)).isTrue();
    assertThat(isSigned(true, "DELETE", null)).isTrue();
    assertThat(isSigned(false, "POST", notification)).isFalse();
  }

  /** It has its credentials in it, and a proof of them. */
  @Test
  void customize_aCall_isLeftAsItIs() {
    assertThat(isSigned(true, "POST", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}"))
        .isFalse();
    assertThat(isSigned(true, "POST", "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\"}")).isTrue();
    assertThat(isSigned(true, "POST", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}")).isTrue();
  }
}
