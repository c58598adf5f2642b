package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentHttp;
import dev.taper.testing.FreePort;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One queue of asks for several services, which share a database. */
class AsksTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServeWorld world = new ServeWorld();
  @TempDir Path folder;

  private Path service(String name, String origin) throws Exception {
    Path own = Files.createDirectories(folder.resolve(name));
    Path config = world.config(own, origin, "asks: sqlite:" + folder.resolve("asks.db"));
    if (!name.equals("jira")) {
      for (String file : new String[] {"service.yaml", "catalog.json"}) {
        String text = Files.readString(own.resolve(file));
        Files.writeString(own.resolve(file), text.replace("svc:jira", "svc:" + name));
      }
    }
    return config;
  }

  /** Asks over a plain connection behind a proxy that says that clients dial https. */
  private HttpResponse<String> ask(Served served, SentHttp call, String scheme) throws Exception {
    String body = "{\"method\":\"POST\",\"target\":\"" + call.target() + "\",\"reason\":\"done\"}";
    SentHttp sent =
        SentHttp.of("POST", call.origin(), "/v1/asks")
            .content("application/json", ServeWorld.bytes(body));
    return served.post(
        "/v1/asks",
        body,
        "Authorization",
        "Taper " + world.token.encodeBase64(),
        "Taper-Proof",
        world.proof(sent),
        "Taper-Original-Scheme",
        scheme);
  }

  @Test
  void ask_ofOneOfSeveralServices_isAnsweredAndTheCallThenAllowed() throws Exception {
    int port = FreePort.next();
    String origin = "https://127.0.0.1:" + port; // clients dial the proxy's https
    Path jira = service("jira", origin);
    Path wiki = service("wiki", "https://wiki.example.com");
    SentHttp close = SentHttp.of("POST", origin, "/issues/7/close");
    try (Served asks =
            Served.start(
                "--role",
                "asks",
                "--config",
                wiki,
                "--config",
                jira,
                "--behind-proxy",
                "--listen",
                "127.0.0.1:" + port);
        Served decide = Served.start("--role", "decide,asks", "--config", jira)) {
      HttpResponse<String> made = ask(asks, close, "https");
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
      String place = made.headers().firstValue("location").orElseThrow();
      JsonNode told = JSON.readTree(made.body());
      ApprovalRequest request = ApprovalRequest.decode(told.get("request").toString());
      Approval approval =
          request.approve(
              world.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC());
      String answer = "{\"approval\":\"" + approval.encodeBase64() + "\"}";
      // Another process of the same store takes the answer.
      assertThat(decide.post(place, answer).statusCode()).isEqualTo(204);
      JsonNode after =
          JSON.readTree(
              asks.send(asks.to(place).header("Taper-Original-Scheme", "https").build()).body());
      assertThat(after.get("state").textValue()).isEqualTo("answered");
      assertThat(after.get("approvals").get(0).textValue()).isEqualTo(approval.encodeBase64());
      assertThat(
              asks.send(
                      asks.to("/v1/asks/AAAAAAAAAAAAAAAAAAAAAA")
                          .header("Taper-Original-Scheme", "https")
                          .build())
                  .body())
          .contains("unknown_ask");
    }
  }

  @Test
  void ask_ofAServiceThatIsNotHere_isRefused() throws Exception {
    Path jira = service("jira", "https://jira.example.com");
    try (Served asks = Served.start("--role", "asks", "--config", jira, "--behind-proxy")) {
      SentHttp close = SentHttp.of("POST", "https://jira.example.com", "/issues/7/close");
      HttpResponse<String> made = ask(asks, close, "https");
      assertThat(made.statusCode()).isEqualTo(400);
      assertThat(made.body()).contains("no service here is dialled like that");
      assertThat(asks.post("/v1/asks", "{}").body()).contains("does not come from the proxy");
      assertThat(asks.post("/v1/decide", "{}").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void start_withoutAsks_fails() throws Exception {
    Path config = world.config(folder, "https://jira.example.com");
    assertThatThrownBy(() -> Served.start("--role", "asks", "--config", config))
        .hasMessageContaining("has no asks");
  }
}
