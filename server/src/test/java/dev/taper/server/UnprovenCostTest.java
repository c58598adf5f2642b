package dev.taper.server;

import static dev.taper.server.CostTable.UNPROVEN;
import static dev.taper.server.HostileInputs.CATALOG;
import static dev.taper.server.HostileInputs.NOON;
import static dev.taper.server.HostileInputs.ROOT;
import static dev.taper.server.HostileInputs.decides;
import static dev.taper.server.HostileInputs.latin;
import static dev.taper.server.HostileInputs.message;
import static dev.taper.server.HostileInputs.post;
import static dev.taper.server.HostileInputs.token;
import static dev.taper.server.HostileInputs.verifier;
import static dev.taper.server.StandIns.filter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.AgentToken;
import dev.taper.agent.Verifier;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signatures;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.server.StatusFilter;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an input costs whose token's chain is good, and whose proof is one of something else: in a
 * service that does not keep it, and in its signatures. All rows are written to {@code
 * target/unproven-cost.txt}.
 */
class UnprovenCostTest {
  private final CostTable table = new CostTable();

  /** Nothing is verified to see that a small message may be read: judging it does so once. */
  @Test
  void smallMessage_withoutATokenCache_verifiesItsChainOnce() throws RpcFault {
    Verifier verifier =
        Verifier.trusting(RootKeys.of(ROOT.publicKey()))
            .audience("svc:jira")
            .catalog(ToolCatalog.parse(CATALOG))
            .withoutRevocation()
            .withoutTokenCache()
            .clock(NOON)
            .build();
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    AgentToken held = token(holder);
    SentMcp sent = SentMcp.of("tools/call", "{\"name\":\"echo\",\"arguments\":{\"x\":1}}");
    String proof = held.prove(holder, sent, "svc:jira", SentApprovals.NONE, NOON).encodeBase64();
    String meta =
        "\"dev.taper/token\":\"%s\",\"dev.taper/proof\":\"%s\""
            .formatted(held.encodeBase64().replace("=", ""), proof.replace("=", ""));
    McpGuard guard = McpGuard.of(verifier);
    long before = Signatures.verifications();

    RpcMessage read = RpcText.read(message("tools/call", "\"id\":1,", "1", meta), guard::unread);
    RpcMessage.Request request = (RpcMessage.Request) read;

    assertThat(guard.judge(request.method(), request.params()))
        .isInstanceOf(McpJudgement.Called.class);
    assertThat(Signatures.verifications() - before).isEqualTo(2); // of block 0, and the proof
  }

  /** What an input costs whose token is good, and whose proof is one of something else. */
  @Test
  void everyListener_goodChainAndBadProof_costsABoundedAmount() throws IOException {
    Verifier trusting = verifier(ROOT, NOON);
    McpGuard guard = McpGuard.of(trusting);
    HttpGuard http = HttpGuard.of(trusting);
    List<Endpoint> endpoints = decides(trusting);
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    AgentToken held = token(holder);
    String token = held.encodeBase64().replace("=", "");
    String proof = held.prove(holder, SentTool.of("jira.echo", "{}"), "svc:jira").encodeBase64();
    String meta =
        "\"dev.taper/token\":\""
            + token
            + "\",\"dev.taper/proof\":\""
            + proof.replace("=", "")
            + "\"";
    StatusFilter filter = StatusFilter.of(guard);
    new HostileInputs(56 * 1024) // more is no call
        .values()
        .forEach(
            (kind, value) -> {
              byte[] message = message("tools/call", "\"id\":1,", value, meta);
              table.row("mcp" + UNPROVEN, kind, message.length, () -> judge(guard, message));
              table.row("sdk" + UNPROVEN, kind, message.length, () -> filter(filter, message));
              byte[] question =
                  latin("{\"mcp\":" + new String(message, StandardCharsets.ISO_8859_1) + "}");
              IncomingRequest asked =
                  post(
                      "/v1/decide",
                      latin(
                          new String(question, StandardCharsets.ISO_8859_1)
                              .replace("\"jsonrpc\":\"2.0\",\"id\":1,", "")));
              table.row(
                  "serve" + UNPROVEN,
                  kind,
                  question.length,
                  () -> endpoints.forEach(endpoint -> endpoint.answer(asked)));
              byte[] content = latin("{\"x\":" + value + "}");
              Map<String, String> fields =
                  Map.of("Content-Type", "application/json", "Taper-Proof", proof);
              table.row(
                  "http" + UNPROVEN,
                  kind,
                  content.length,
                  () -> judge(http, "/echo", fields, token, content));
            });
    new HostileInputs(240 * 1024)
        .values()
        .forEach(
            (kind, value) -> {
              byte[] message = message("tools/call", "\"id\":1,", value, meta);
              table.row("mcp, long" + UNPROVEN, kind, message.length, () -> judge(guard, message));
            });
    table.require(Path.of("target", "unproven-cost.txt"));
  }

  private static void judge(McpGuard guard, byte[] bytes) throws RpcFault {
    RpcMessage read = RpcText.read(bytes, guard::unread);
    if (read instanceof RpcMessage.Request request) {
      McpJudgement judged = guard.judge(request.method(), request.params());
      assertThat(judged).isInstanceOfAny(McpJudgement.Refused.class, McpJudgement.Open.class);
    }
  }

  private static void judge(
      HttpGuard guard, String target, Map<String, String> fields, String token, byte[] content)
      throws RefusedException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("Host", "jira.example.com");
    all.put("Taper-Token", token);
    var unused = guard.judge(IncomingRequest.of("POST", target, true, all, content));
  }
}
