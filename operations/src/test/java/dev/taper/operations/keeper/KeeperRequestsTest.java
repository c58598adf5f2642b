package dev.taper.operations.keeper;

import static dev.taper.operations.keeper.KeeperClientTest.answering;
import static dev.taper.operations.keeper.KeeperClientTest.code;
import static dev.taper.operations.keeper.KeeperClientTest.http;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.JsonFields;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.delegation.Agent;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sends for each of its methods, as docs/keeper.md has it, and what it reads. */
class KeeperRequestsTest {
  private static final PrivateKey KEY = PrivateKey.generate(Algorithm.ED25519);
  private static final String KEPT_KEY =
      "{\"name\":\"a\",\"key\":\"" + KEY.publicKey() + "\",\"in\":\"pkcs11\",\"confirm\":false}";
  private static final String KEPT_TOKEN =
      "{\"name\":\"t\",\"token\":\"Cg\",\"key\":\"a\",\"holder\":\"agent:a\",\"delegator\":\"user:alice\","
          + "\"task\":\"T-1\",\"audiences\":[\"svc:jira\"],\"authority\":\"jira.search\",\"expires\":9}";

  @TempDir Path folder;

  private CompletableFuture<String> answer(String json) throws IOException {
    Path socket = folder.resolve("k.sock");
    Files.deleteIfExists(socket);
    return answering(socket, http("200 OK", json));
  }

  private KeeperClient client() {
    return KeeperClient.at(folder.resolve("k.sock"));
  }

  private static void isSent(CompletableFuture<String> asked, String line, String content)
      throws Exception {
    assertThat(asked.get()).startsWith(line + " HTTP/1.1\r\n").endsWith("\r\n\r\n" + content);
  }

  @Test
  void newKey_sendsWhatIsSaid() throws Exception {
    var all = answer(KEPT_KEY);
    KeeperClient.KeptKey made =
        client().newKey("a", Algorithm.ED25519, "pkcs11", true, Duration.ofHours(1));
    assertThat(made)
        .isEqualTo(new KeeperClient.KeptKey("a", KEY.publicKey(), "pkcs11", false, null));
    isSent(
        all,
        "POST /v1/keys",
        "{\"name\":\"a\",\"algorithm\":\"ed25519\",\"in\":\"pkcs11\",\"confirm\":true,\"lifetime\":3600}");

    var least = answer(KEPT_KEY);
    assertThat(client().newKey("a", Algorithm.SECP256R1, null, false, null).name()).isEqualTo("a");
    isSent(least, "POST /v1/keys", "{\"name\":\"a\",\"algorithm\":\"secp256r1\"}");
  }

  @Test
  void add_sendsWhatIsSaid_andReadsAllOfAToken() throws Exception {
    var all = answer(KEPT_TOKEN);
    KeeperClient.KeptToken kept =
        client()
            .add(
                "t",
                "Cg",
                List.of("svc:jira"),
                new KeeperClient.KeptToken.Renewal(
                    "https://i.example/v1/renew", "https://i.example"),
                Duration.ofMinutes(2),
                true);
    assertThat(kept)
        .isEqualTo(
            new KeeperClient.KeptToken(
                "t",
                "Cg",
                "a",
                "agent:a",
                "user:alice",
                "T-1",
                List.of("svc:jira"),
                "jira.search",
                Instant.ofEpochSecond(9),
                null))
        .hasToString("KeptToken(t, held by agent:a)");
    isSent(
        all,
        "POST /v1/tokens",
        "{\"name\":\"t\",\"token\":\"Cg\",\"audiences\":[\"svc:jira\"],\"renew\":{\"url\":"
            + "\"https://i.example/v1/renew\",\"audience\":\"https://i.example\"},\"lifetime\":120,"
            + "\"replace\":true}");

    var least = answer(KEPT_TOKEN);
    assertThat(client().add("t", "Cg", List.of(), null, null, false).task()).isEqualTo("T-1");
    isSent(
        least,
        "POST /v1/tokens",
        "{\"name\":\"t\",\"token\":\"Cg\",\"audiences\":[],\"replace\":false}");
  }

  @Test
  void tokens_areListed_andOneIsFound() throws Exception {
    var all = answer("{\"tokens\":[" + KEPT_TOKEN + "]}");
    assertThat(client().tokens())
        .extracting(KeeperClient.KeptToken::holder)
        .containsExactly("agent:a");
    isSent(all, "GET /v1/tokens", "");
    var one = answer(KEPT_TOKEN);
    assertThat(client().token("t").authority()).isEqualTo("jira.search");
    isSent(one, "GET /v1/tokens/t", "");
    var renewed = answer(KEPT_TOKEN);
    assertThat(client().renew("t").expires()).isEqualTo(Instant.ofEpochSecond(9));
    isSent(renewed, "POST /v1/renew", "{\"token\":\"t\"}");
  }

  @Test
  void delegate_sendsWhatIsLeft() throws Exception {
    Agent next = Agent.of("agent:b", KEY.publicKey());
    String to = "\"to\":{\"name\":\"agent:b\",\"key\":\"" + KEY.publicKey() + "\"}";
    var all = answer("{\"token\":\"Cw\"}");
    String handed =
        client().delegate("t", next, List.of("jira.search"), Instant.ofEpochSecond(7), 3);
    assertThat(handed).isEqualTo("Cw");
    isSent(
        all,
        "POST /v1/delegate",
        "{\"token\":\"t\","
            + to
            + ",\"grants\":[\"jira.search\"],\"expires\":7,\"max_depth\":3,\"strict\":true}");
    var least = answer("{\"token\":1}");
    String unread =
        code(
            () -> {
              var unused = client().delegate("t", next, List.of(), Instant.ofEpochSecond(7), null);
            });
    assertThat(unread).isEqualTo("malformed_answer");
    isSent(
        least,
        "POST /v1/delegate",
        "{\"token\":\"t\"," + to + ",\"grants\":[],\"expires\":7,\"strict\":true}");
  }

  @Test
  void keeper_isLocked_unlockedAndToldToForget() throws Exception {
    var status = answer("{\"locked\":true}");
    assertThat(client().isLocked()).isTrue();
    isSent(status, "GET /v1/status", "");
    var unlocked = answer("{}");
    client().unlock("open".toCharArray(), null);
    isSent(unlocked, "POST /v1/unlock", "{\"passphrase\":\"open\"}");
    var device = answer("{}");
    client().unlock(null, "1234".toCharArray());
    isSent(device, "POST /v1/unlock", "{\"pin\":\"1234\"}");
    var locked = answer("{}");
    client().lock();
    isSent(locked, "POST /v1/lock", "{}");
    var key = answer("{}");
    client().forgetKey("a");
    isSent(key, "DELETE /v1/keys/a", "");
    var token = answer("{}");
    client().forgetToken("t");
    isSent(token, "DELETE /v1/tokens/t", "");
    assertThat(client()).hasToString("KeeperClient(" + client().socket() + ")");
  }

  private static String sent(@Nullable SentCall call) {
    JsonFields request = new JsonFields();
    SentJson.put(call, request);
    return request.toJson();
  }

  @Test
  void sentCall_isWrittenInItsForm() {
    SentHttp put =
        SentHttp.of("PUT", "https://a.example", "/x?y=1")
            .content("text/plain", "hi".getBytes(StandardCharsets.UTF_8))
            .field("If-Match", "1");
    assertThat(sent(put))
        .startsWith(
            "{\"http\":{\"method\":\"PUT\",\"url\":\"https://a.example/x?y=1\","
                + "\"content_type\":\"text/plain\"")
        .contains("\"content\":\"aGk\"", "\"fields\":{\"if-match\":\"1\"}");
    assertThat(sent(SentHttp.of("GET", "https://a.example", "/")))
        .isEqualTo("{\"http\":{\"method\":\"GET\",\"url\":\"https://a.example/\"}}");
    assertThat(sent(SentMcp.of("tools/list", "{\"cursor\":\"1\"}")))
        .isEqualTo("{\"mcp\":{\"method\":\"tools/list\",\"params\":{\"cursor\":\"1\"}}}");
    assertThat(sent(SentTool.of("jira.search", "{\"q\":1}")))
        .isEqualTo("{\"tool\":{\"name\":\"jira.search\",\"arguments\":{\"q\":1}}}");
    assertThat(sent(null)).isEqualTo("{\"offer\":true}");
  }
}
