package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentTool;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.FreePort;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asks about a call says where its caller connected from. */
class PlacesTest {
  private static final String ORIGIN = "https://jira.example.com";

  @TempDir Path folder;
  private final ServeWorld world = new ServeWorld();

  /** Three replays from a place are found there; a token may have more. */
  private Served served() throws Exception {
    return served(ORIGIN, "127.0.0.1:0");
  }

  private Served served(String origin, String listen) throws Exception {
    PrivateKey.generate(Algorithm.ED25519).save(folder.resolve("audit.key"));
    return Served.start(
        "--config",
        world.config(
            folder,
            origin,
            "audit: {log: audit.jsonl, key: audit.key}",
            "findings: {limits: {place: {replays: 3}, token: {replays: 60}}}"),
        "--listen",
        listen);
  }

  private List<String> findings() throws Exception {
    return Files.readAllLines(folder.resolve("audit.jsonl")).stream()
        .filter(line -> line.contains("\"kind\":\"finding\""))
        .toList();
  }

  private String call() {
    return "{\"token\": \"%s\", \"proof\": \"%s\", \"tool\": {\"name\": \"jira.ping\"}}"
        .formatted(world.token.encodeBase64(), world.proof(SentTool.of("jira.ping", "{}")));
  }

  private static String from(String address, String question) {
    return "{\"address\": \"" + address + "\", " + question.substring(1);
  }

  @Test
  void question_withAnAddress_countsForItsNetwork() throws Exception {
    try (Served served = served()) {
      for (String address : List.of("203.0.113.7", "203.0.113.8", "198.51.100.1")) {
        String once = from(address, call());
        for (int i = 0; i < 3; i++) { // good once, and then a replay
          assertThat(served.post("/v1/decide", once).statusCode()).isEqualTo(200);
        }
      }
      String nowhere = call();
      for (int i = 0; i < 9; i++) {
        assertThat(served.post("/v1/decide", nowhere).statusCode()).isEqualTo(200);
      }
    }
    assertThat(findings()).hasSize(1);
    assertThat(findings().get(0)).contains("replays", "203.0.113.0/24");
  }

  /** The place is one question's: the same thread answers others without any. */
  @Test
  void evaluation_withAnAddress_countsForItsNetworkAndNoOther() throws Exception {
    String subject =
        "\"subject\": {\"type\": \"agent\", \"id\": \"agent:planner\", \"properties\": {\"token\":"
            + " \"%s\", \"proof\": \"%s\"}}"
                .formatted(world.token.encodeBase64(), world.proof(SentTool.of("jira.ping", "{}")));
    String asked =
        subject
            + ", \"action\": {\"name\": \"jira.ping\"}, \"resource\": {\"type\": \"tool\", \"id\":"
            + " \"jira.ping\"}";
    String here = "{\"context\": {\"address\": \"2001:db8:7::1\"}}";
    String there = "{\"context\": {\"address\": \"2001:db8:8::1\"}}";
    try (Served served = served()) {
      HttpResponse<String> answer =
          served.post(
              "/access/v1/evaluations",
              "{"
                  + asked
                  + ", \"evaluations\": [{}, %s, {}, %s, {}, %s, {}, %s]}"
                      .formatted(here, there, here, here));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body().split("proof_replayed\"", -1).length - 1).isGreaterThanOrEqualTo(7);
    }
    assertThat(findings()).hasSize(1);
    assertThat(findings().get(0)).contains("replays", "2001:db8:7::/48");
  }

  @Test
  void forwarded_withTheProxysWord_countsForTheNetwork() throws Exception {
    String listen = "127.0.0.1:" + FreePort.next(); // what the proxy hands on as Host
    SentHttp sent = SentHttp.of("GET", "https://" + listen, "/projects/ACME/issues");
    try (Served served = served("https://" + listen, listen)) {
      String proof = world.proof(sent);
      assertThat(served.send(forwarded(served, proof)).statusCode()).isEqualTo(204);
      for (String address : List.of("203.0.113.7", "203.0.113.8", "203.0.113.9", "unix:", "x")) {
        served.send(forwarded(served, proof, address));
      }
      assertThat(served.send(forwarded(served, proof, "203.0.113.7", "192.0.2.1")).statusCode())
          .isEqualTo(400);
      served.send(forwarded(served, proof, "203.0.113.10"));
    }
    assertThat(findings()).hasSize(1);
    assertThat(findings().get(0)).contains("replays", "203.0.113.0/24");
  }

  private HttpRequest forwarded(Served served, String proof, String... addresses) {
    HttpRequest.Builder request =
        served
            .to("/v1/forward")
            .header("Authorization", "Taper " + world.token.encodeBase64())
            .header("Taper-Proof", proof)
            .header("Taper-Original-Method", "GET")
            .header("Taper-Original-Target", "/projects/ACME/issues")
            .header("Taper-Original-Scheme", "https")
            .header("Taper-Original-Content", "dropped");
    for (String address : addresses) {
      request.header("Taper-Original-Address", address);
    }
    return request.build();
  }

  /** No name is looked up, and nothing of it is shown but what is wrong. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "evil.example.com",
        "999.1.1.1",
        "203.0.113.7:80",
        "[2001:db8::1]",
        "1:2:3:4:5:6:7:8:9",
        "::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::1",
        "203.0.113.7, 198.51.100.1"
      })
  void question_withNoAddressInFigures_makesNoSense(String address) throws Exception {
    try (Served served = served()) {
      HttpResponse<String> answer = served.post("/v1/decide", from(address, call()));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("invalid_question", "is no address in figures");
      HttpResponse<String> evaluated =
          served.post(
              "/access/v1/evaluation",
              "{\"subject\": {\"type\": \"agent\", \"id\": \"a\"}, \"action\": {\"name\": \"b\"},"
                  + " \"resource\": {\"type\": \"tool\", \"id\": \"b\"}, \"context\": {\"address\": \""
                  + address
                  + "\"}}");
      assertThat(evaluated.statusCode()).isEqualTo(400);
      assertThat(evaluated.body()).contains("is no address in figures");
    }
  }
}
