package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentHttp;
import dev.taper.operations.OperationException;
import dev.taper.testing.FreePort;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The role that relays: asks and data for those who say the secret, and no key of anybody. */
class RelayRoleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "sixteen-letters-of-a-relay";

  private final ServeWorld world = new ServeWorld();
  @TempDir Path folder;

  private Path secret() throws Exception {
    Path file = Files.writeString(folder.resolve("relay.secret"), SECRET + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static HttpRequest.Builder to(Served served, String path) {
    return served.to("/v1/console/" + path).header("Taper-Secret", SECRET);
  }

  private static HttpResponse<String> post(Served served, String path, String json)
      throws Exception {
    return served.send(
        to(served, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  @Test
  void asks_ofTheStore_areToldAndAnsweredWithTheSecretAlone() throws Exception {
    int port = FreePort.next();
    String origin = "http://127.0.0.1:" + port;
    Path config = world.config(folder, origin, "asks: sqlite:" + folder.resolve("asks.db"));
    try (Served served =
        Served.start(
            "--role",
            "asks,console",
            "--config",
            config,
            "--console-secret-file",
            secret(),
            "--console-registry",
            "sqlite:" + folder.resolve("asks.db"),
            "--listen",
            "127.0.0.1:" + port)) {
      String body = "{\"method\":\"POST\",\"target\":\"/issues/7/close\",\"reason\":\"done\"}";
      SentHttp sent =
          SentHttp.of("POST", origin, "/v1/asks")
              .content("application/json", ServeWorld.bytes(body));
      HttpResponse<String> made =
          served.post(
              "/v1/asks",
              body,
              "Authorization",
              "Taper " + world.token.encodeBase64(),
              "Taper-Proof",
              world.proof(sent));
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);

      for (HttpRequest without :
          List.of(
              served.to("/v1/console/asks").build(),
              served.to("/v1/console/asks").header("Taper-Secret", SECRET + "x").build(),
              served
                  .to("/v1/console/asks")
                  .header("Taper-Secret", SECRET)
                  .header("Taper-Secret", SECRET)
                  .build())) {
        HttpResponse<String> refused = served.send(without);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("secret_required").doesNotContain("jira");
      }
      JsonNode page = JSON.readTree(served.send(to(served, "asks").build()).body());
      JsonNode item = page.path("items").path(0);
      ApprovalRequest request = ApprovalRequest.decode(item.path("request").textValue());
      String approval =
          request
              .approve(world.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
              .encodeBase64();
      String answer =
          "{\"answers\":[{\"ask\":\""
              + item.path("ask").textValue()
              + "\",\"approval\":\""
              + approval
              + "\"}]}";
      assertThat(post(served, "answers", answer).body()).contains("\"state\":\"answered\"");
      assertThat(served.send(to(served, "living").build()).statusCode()).isEqualTo(200);
      assertThat(served.send(to(served, "health").build()).body()).contains("svc:jira");
    }
  }

  @Test
  void anythingThatSignsOrActs_isNotThere() throws Exception {
    Path config =
        world.config(
            folder, "https://jira.example.com", "asks: sqlite:" + folder.resolve("asks.db"));
    try (Served served =
        Served.start(
            "--role",
            "console",
            "--config",
            config,
            "--console-secret-file",
            secret(),
            "--console-registry",
            "sqlite:" + folder.resolve("asks.db"))) {
      for (String path :
          List.of(
              "drafts",
              "keeper-approvals",
              "revocations",
              "revocations/draft",
              "reviews",
              "reviews/1/decisions",
              "session")) {
        HttpResponse<String> answer = post(served, path, "{}");
        assertThat(answer.statusCode()).as(path).isEqualTo(404);
      }
      assertThat(served.send(to(served, "trust").build()).statusCode())
          .as("whom to believe, nobody asks a relay")
          .isEqualTo(404);
      assertThat(served.send(to(served, "asks?more=1").build()).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void start_withoutWhatItNeeds_fails() throws Exception {
    Path config = world.config(folder, "https://jira.example.com");
    for (Object[] arguments :
        List.of(
            new Object[] {"--role", "console", "--config", config},
            new Object[] {"--role", "console", "--console-secret-file", secret()},
            new Object[] {
              "--role", "console", "--config", config, "--console-secret-file", secret()
            },
            new Object[] {"--role", "decide", "--config", config, "--console-registry", "x"})) {
      assertThatThrownBy(() -> Served.start(arguments).close())
          .isInstanceOf(OperationException.class);
    }
  }
}
