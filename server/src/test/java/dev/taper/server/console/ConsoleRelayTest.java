package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.server.console.Browser.Answer;
import dev.taper.testing.TearDown;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine that relays asks can do to whoever answers them, if it is hostile. */
class ConsoleRelayTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private ConsoleWorld world;
  private Browser service; // an honest console beside the store, whose words the relay changes
  private Browser browser;
  private HttpServer relay;
  private final AtomicReference<UnaryOperator<String>> lie =
      new AtomicReference<>(UnaryOperator.identity());
  private final List<String> secrets = new CopyOnWriteArrayList<>();
  private final List<String> posted = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    world = new ConsoleWorld(folder, ConsoleWorld.DATABASE);
    service = Browser.signedIn(folder, "--config", world.config(), "--root-keys", "root.pub");
    relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    relay.createContext(
        "/v1/console/",
        exchange -> {
          secrets.add(String.valueOf(exchange.getRequestHeaders().getFirst("Taper-Secret")));
          String path = exchange.getRequestURI().toString().replace("/v1/console/", "/api/");
          String sent =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (!sent.isEmpty()) {
            posted.add(sent);
          }
          try {
            Answer answer = sent.isEmpty() ? service.get(path) : service.post(path, sent);
            byte[] told = lie.get().apply(answer.body()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), told.length == 0 ? -1 : told.length);
            exchange.getResponseBody().write(told);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          } finally {
            exchange.close();
          }
        });
    relay.start();
    browser =
        Browser.signedIn(
            folder,
            "--relay",
            "http://127.0.0.1:" + relay.getAddress().getPort(),
            "--relay-secret-file",
            folder.resolve("relay.secret"),
            "--root-keys",
            "root.pub",
            "--names",
            "names.json",
            "--names-key",
            "registrar.pub");
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(browser, service, TearDown.of(relay, server -> server.stop(0)), world);
  }

  /** Has the relay change each ask. */
  private void change(Consumer<ObjectNode> changed) {
    lie.set(
        body -> {
          try {
            JsonNode told = JSON.readTree(body);
            if (told.has("items")) {
              told.path("items").forEach(item -> changed.accept((ObjectNode) item));
            } else if (told.has("ask")) {
              changed.accept((ObjectNode) told);
            }
            return told.toString();
          } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void changeRequest(UnaryOperator<String> changed) {
    change(item -> item.put("request", changed.apply(item.path("request").textValue())));
  }

  private JsonNode only() throws Exception {
    JsonNode items = browser.json("/api/asks").path("items");
    assertThat(items).hasSize(1);
    return items.path(0);
  }

  private void requireBroken(String code) throws Exception {
    JsonNode item = only();
    assertThat(item.path("broken").path("code").asText()).isEqualTo(code);
    assertThat(item.has("request")).isFalse();
    Answer one = browser.get("/api/asks/" + item.path("ask").textValue());
    assertThat(one.status()).as(one.body()).isEqualTo(502);
  }

  @Test
  void honestRelay_bringsAsksAndTakesAnswers() throws Exception {
    world.ask("POST", "/issues/1/close");
    JsonNode session = browser.json("/api/session");
    assertThat(session.path("mode").textValue()).isEqualTo("relay");

    JsonNode item = only();
    String ask = item.path("ask").textValue();
    assertThat(secrets).contains(ConsoleWorld.SECRET);
    assertThat(browser.json("/api/pulse").path("instance")).isEqualTo(session.path("instance"));
    String approval = ConsoleWorld.approval(item.path("request").textValue(), world.boss);
    JsonNode results =
        browser
            .post(
                "/api/answers",
                "{\"answers\":[{\"ask\":\"" + ask + "\",\"approval\":\"" + approval + "\"}]}")
            .json();
    assertThat(results.path("results").path(0).path("state").asText()).isEqualTo("answered");
    assertThat(browser.get("/api/asks/" + "0".repeat(64)).code()).isEqualTo("unknown_ask");
    assertThat(browser.get("/api/trust").status()).isEqualTo(200);
  }

  @Test
  void relay_withAnotherChain_showsNothing() throws Exception {
    world.ask("POST", "/issues/1/close");
    String forged = world.token("T-4711", world.stranger).encodeBase64();
    changeRequest(
        request -> request.replace(ApprovalRequest.decode(request).token().encodeBase64(), forged));
    requireBroken("invalid_signature");
  }

  @Test
  void relay_withAChangedToken_showsNothing() throws Exception {
    world.ask("POST", "/issues/1/close");
    changeRequest(
        request -> {
          String token = ApprovalRequest.decode(request).token().encodeBase64();
          int at = token.length() / 2;
          char other = token.charAt(at) == 'A' ? 'B' : 'A';
          return request.replace(token, token.substring(0, at) + other + token.substring(at + 1));
        });
    assertThat(only().has("broken")).isTrue();
    assertThat(only().has("request")).isFalse();
  }

  /** It can show another call; what is approved is then that call, which the service never asks. */
  @Test
  void relay_withAnotherCall_getsAnApprovalThatCountsNowhere() throws Exception {
    world.ask("POST", "/issues/1/close");
    changeRequest(request -> request.replace("jira:issue/1", "jira:issue/2"));
    JsonNode item = only();
    String approval = ConsoleWorld.approval(item.path("request").textValue(), world.boss);
    String ask = item.path("ask").textValue();
    JsonNode result =
        browser
            .post(
                "/api/answers",
                "{\"answers\":[{\"ask\":\"" + ask + "\",\"approval\":\"" + approval + "\"}]}")
            .json()
            .path("results")
            .path(0);
    assertThat(result.path("code").asText()).isEqualTo("approval_mismatch");
    assertThat(service.json("/api/asks").path("items").path(0).path("state").asText())
        .isEqualTo("open");
  }

  @Test
  void relay_withAnotherServiceOrNoCatalog_showsNothing() throws Exception {
    world.ask("POST", "/issues/1/close");
    changeRequest(request -> request.replace("svc:jira", "svc:bank"));
    requireBroken("malformed_answer");
    changeRequest(request -> request.replaceFirst("\"catalog\":\"[0-9a-f]{64}\",", ""));
    requireBroken("malformed_answer");
  }

  @Test
  void relay_withAForgedApprovalOfAnother_showsNothing() throws Exception {
    world.ask("DELETE", "/issues/1");
    world.ask("DELETE", "/issues/2");
    List<String> requests = new ArrayList<>();
    service
        .json("/api/asks")
        .path("items")
        .forEach(item -> requests.add(item.path("request").textValue()));
    String ofFirst = ConsoleWorld.approval(requests.get(0), world.second);
    change(item -> item.set("approvals", JSON.createArrayNode().add(ofFirst)));
    JsonNode items = browser.json("/api/asks").path("items");
    long broken = 0;
    for (JsonNode item : items) {
      broken += item.has("broken") ? 1 : 0;
    }
    assertThat(broken).isEqualTo(1);
    change(item -> item.set("approvals", JSON.createArrayNode().add("AAAA")));
    browser
        .json("/api/asks")
        .path("items")
        .forEach(item -> assertThat(item.has("broken")).isTrue());
  }

  @Test
  void relay_withNonsense_isNotBelieved() throws Exception {
    world.ask("POST", "/issues/1/close");
    for (String told :
        List.of(
            "",
            "<html><script>alert(1)</script>",
            "[]",
            "{\"items\":{}}",
            "{\"items\":[1]}",
            "{\"items\":[{\"ask\":\"<script>\"}]}",
            "{\"items\":[],\"next\":\"</script>\"}",
            "{\"items\":[],\"items\":[]}",
            "{\"items\":[],\"waiting\":[1,2,3,4,5,6,7,8,9,10,11]}",
            "{\"items\":[],\"waiting\":[{\"agent\":\"" + "a".repeat(1025) + "\"}]}",
            "{\"items\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
      lie.set(body -> told);
      assertThat(browser.get("/api/asks").code()).as(told).isEqualTo("malformed_answer");
    }
    lie.set(body -> "{\"x\":\"" + "y".repeat(5 << 20) + "\"}");
    assertThat(browser.get("/api/asks").code()).isEqualTo("relay_unavailable");
    lie.set(body -> "{\"<script>alert(1)</script>\":\"\u202E\"}");
    Answer health = browser.get("/api/health");
    assertThat(health.fields()).containsEntry("content-type", "application/json");
    assertThat(health.fields()).containsEntry("x-content-type-options", "nosniff");
    assertThat(health.body()).doesNotContain("\u202E");
    relay.stop(0);
    assertThat(browser.get("/api/asks").code()).isEqualTo("relay_unavailable");
  }

  @Test
  void relay_thatSaysNothingHelps_hidesNothingWithoutSayingSo() throws Exception {
    world.ask("POST", "/issues/1/close");
    change(
        item -> item.set("possible", JSON.createObjectNode().put("yes", false).put("code", "<b>")));
    JsonNode item = only();
    assertThat(item.path("possible").path("yes").booleanValue()).isFalse();
    assertThat(item.path("possible").path("code").textValue()).isEqualTo("impossible");
  }

  @Test
  void relay_isNeverAskedToSignRevokeOrTrust() throws Exception {
    for (String path : List.of("/api/drafts", "/api/revocations", "/api/keeper-approvals")) {
      Answer answer = browser.post(path, "{}");
      assertThat(answer.status()).as(path).isIn(400, 403);
    }
    assertThat(browser.post("/api/reviews", "{}").code()).isEqualTo("unknown_path");
    assertThat(posted).isEmpty();
    lie.set(body -> "{\"root_keys\":[{\"key\":\"" + world.stranger.publicKey() + "\"}]}");
    JsonNode trust = browser.json("/api/trust");
    assertThat(trust.path("root_keys").path(0).path("key").textValue())
        .isEqualTo(world.root.publicKey().toString());
    Answer revoked =
        browser.post(
            "/api/revocations/draft", "{\"kind\":\"block\",\"id\":\"" + "0".repeat(64) + "\"}");
    assertThat(revoked.code()).isEqualTo("no_registry");
  }
}
