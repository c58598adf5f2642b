package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.server.keeper.RenewalAnswer;
import dev.taper.testing.TearDown;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renewals over HTTP. */
class IssuerRenewTest {
  @TempDir Path folder;
  private RunningIssuer running;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    running = new RunningIssuer(folder);
    served = running.served;
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(running);
  }

  @Test
  void renew_overHttp_givesALaterEnd() throws Exception {
    AgentToken token = running.exchanged();
    running.clock.pass(Duration.ofMinutes(31));
    HttpRequest request =
        HttpSigner.of(token, running.planner, "svc:issuer")
            .clock(running.clock)
            .sign(served.to("/v1/renew").POST(BodyPublishers.noBody()).build());
    HttpResponse<byte[]> answer =
        served.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    AgentToken later =
        RenewalAnswer.read(
            answer.statusCode(),
            answer.headers().allValues("content-type"),
            answer.headers().allValues("content-encoding"),
            answer.body());
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    assertThat(later.chain().effectiveAuthority().expiry())
        .isAfter(token.chain().effectiveAuthority().expiry());
    HttpResponse<String> again = served.client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(again.body()).contains("proof_replayed");
  }

  @Test
  void renew_ofAnotherForm_isRefused() throws Exception {
    AgentToken token = running.exchanged();
    assertThat(renewed(token, "POST", "/v1/renew?x=1", "")).contains("invalid_request");
    assertThat(renewed(token, "GET", "/v1/renew", "")).contains("invalid_request");
    assertThat(renewed(token, "POST", "/v1/renew", "{}")).contains("invalid_request");
    assertThat(renewed(token, "POST", "/v1/renew", "", "Taper-Approval", "AAAA"))
        .contains("invalid_request");
    assertThat(served.send(served.to("/v1/renew").POST(BodyPublishers.noBody()).build()).body())
        .contains("token_required");
  }

  private String renewed(
      AgentToken token, String method, String path, String content, String... more)
      throws Exception {
    SentHttp sent = SentHttp.of("POST", running.issuer, "/v1/renew");
    String proof =
        token
            .prove(running.planner, sent, "svc:issuer", SentApprovals.NONE, running.clock)
            .encodeBase64();
    HttpRequest.Builder request =
        served
            .to(path)
            .header("Authorization", "Taper " + token.encodeBase64())
            .header("Taper-Proof", proof)
            .method(method, BodyPublishers.ofString(content));
    if (more.length > 0) {
      request.headers(more);
    }
    return served.send(request.build()).body();
  }
}
