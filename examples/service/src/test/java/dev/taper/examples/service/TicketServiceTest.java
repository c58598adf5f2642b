package dev.taper.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketServiceTest {
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir Path folder;

  private AgentToken minted() {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-4711")
                .grant("tickets.* read")
                .expiresIn(Duration.ofHours(1)));
  }

  @Test
  void call_untilItsTaskIsRevoked_isAllowed() throws IOException, InterruptedException {
    AgentToken token = minted();
    ToolCall read = ToolCall.of("tickets.get").operation("read").arg("id", 12);
    ToolCall write = ToolCall.of("tickets.get").operation("write").arg("id", 12);
    String address = "sqlite:taper.db";
    try (Database database = Database.open(address, folder)) {
      SqlRevocations revocations = new SqlRevocations(database, Clock.systemUTC());
      RevocationIssuer issuer = RevocationIssuer.of(revoker);
      revocations.sign(issuer, RevocationIssuer.Horizon.KEPT);
      try (TicketService service =
          TicketService.start(address, root.publicKey(), revoker.publicKey(), folder)) {
        assertThat(answer(service, token, read).body()).isEqualTo("done: tickets.get");
        assertThat(answer(service, token, write).body()).contains("out_of_scope");

        revocations.enter(
            List.of(
                RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"))));
        revocations.sign(issuer, RevocationIssuer.Horizon.KEPT);
        service.refresh();

        HttpResponse<String> refused = answer(service, token, read);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("revoked");
      }
    }
  }

  @Test
  void call_tokenOrProofIsNone_isABadRequest() throws IOException, InterruptedException {
    AgentToken token = minted();
    ToolCall read = ToolCall.of("tickets.get").operation("read");
    String proof = token.prove(planner, read, TicketService.NAME).encodeBase64();
    String address = "sqlite:taper.db";
    try (Database database = Database.open(address, folder)) {
      new SqlRevocations(database, Clock.systemUTC())
          .sign(RevocationIssuer.of(revoker), RevocationIssuer.Horizon.KEPT);
    }
    try (TicketService service =
        TicketService.start(address, root.publicKey(), revoker.publicKey(), folder)) {
      HttpResponse<String> noToken = answer(service, "none", proof, read);
      assertThat(noToken.statusCode()).isEqualTo(400);
      assertThat(noToken.body()).isEqualTo("malformed_token");
      HttpResponse<String> noProof = answer(service, token.encodeBase64(), "none", read);
      assertThat(noProof.statusCode()).isEqualTo(400);
      assertThat(noProof.body()).isEqualTo("malformed_holder_proof");
    }
  }

  private HttpResponse<String> answer(TicketService service, AgentToken token, ToolCall call)
      throws IOException, InterruptedException {
    String proof = token.prove(planner, call, TicketService.NAME).encodeBase64();
    return answer(service, token.encodeBase64(), proof, call);
  }

  private HttpResponse<String> answer(
      TicketService service, String token, String proof, ToolCall call)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(service.address())
            .header("Taper-Token", token)
            .header("Taper-Proof", proof)
            .POST(HttpRequest.BodyPublishers.ofString(call.toJson()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
