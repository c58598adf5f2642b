package dev.taper.server;

import static dev.taper.server.CostTable.UNPROVEN;
import static dev.taper.server.CostTable.UNSIGNED;
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

import dev.taper.TaperException;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signatures;
import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.server.StatusFilter;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.server.serve.asks.AsksEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What an input costs whose token's chain is good, and whose proof is one of something else: in a
 * service that does not keep it, and in its signatures. All rows are written to {@code
 * target/unproven-cost.txt}.
 */
class UnprovenCostTest {
  private final CostTable table = new CostTable();

  private static final Set<String> UNSIGNED_ONES =
      Stream.of("mcp", "sdk", "serve, mcp", "serve, tool", "http", "asks", "audit", "session")
          .map(listener -> listener + UNSIGNED)
          .collect(Collectors.toSet());

  private final Verifier trusting = verifier(ROOT, NOON);
  private final McpGuard guard = McpGuard.of(trusting);
  private final StatusFilter filter = StatusFilter.of(guard);
  private final HttpGuard http = HttpGuard.of(trusting);
  private final HolderCheck holders = HolderCheck.of(() -> trusting);
  private final Endpoint asks =
      new AsksEndpoint(
          List.of(
              new AsksEndpoint.Service(
                  http.keepingAsks(Asks.inMemory(), NOON), () -> ToolCatalog.parse(CATALOG))),
          false);
  private final Endpoint statements = HostileInputs.statements(trusting);
  private final List<Endpoint> endpoints = decides(trusting);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private final AgentToken held = token(holder);
  private final String token = held.encodeBase64().replace("=", "");

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

  /**
   * What an input costs whose token is good, and whose proof is one of something else, or of just
   * that with another signature, which whoever has the token can make.
   */
  @Test
  void everyListener_goodChainAndBadProof_costsABoundedAmount()
      throws IOException, ReflectiveOperationException {
    for (int size : List.of(1536, 4 * 1024, 20 * 1024, 48 * 1024)) { // 1E+20 is longer than 1e20
      new HostileInputs(size)
          .values()
          .forEach(
              (kind, value) -> {
                String named = kind + ", " + size / 1024 + " KiB";
                messages(named, value);
                contents(named, value);
              });
    }
    String proof = proof(SentTool.of("jira.echo", "{}"));
    new HostileInputs(240 * 1024)
        .values()
        .forEach(
            (kind, value) -> {
              byte[] message = message("tools/call", "\"id\":1,", value, meta(proof));
              table.row("mcp, long" + UNPROVEN, kind, message.length, () -> judge(guard, message));
              session(kind, latin(value));
            });

    table.require(Path.of("target", "unproven-cost.txt"));
    assertThat(table.rows())
        .filteredOn(row -> row.listener().endsWith(UNSIGNED) && row.signatures() == 0)
        .filteredOn(row -> !row.kind().equals("five zeros, 48 KiB")) // 0.000001 makes it too long
        .isEmpty();
    assertThat(table.rows().stream().map(CostTable.Row::listener).filter(UNSIGNED_ONES::contains))
        .containsAll(UNSIGNED_ONES);
  }

  private String meta(String proof) {
    return "\"dev.taper/token\":\"" + token + "\",\"dev.taper/proof\":\"" + proof + "\"";
  }

  private String proof(SentCall sent) {
    return held.prove(holder, sent, "svc:jira", SentApprovals.NONE, NOON).encodeBase64();
  }

  /** A proof of something with the signature of something else. */
  private String unsigned(SentCall sent) {
    byte[] proof = held.prove(holder, sent, "svc:jira", SentApprovals.NONE, NOON).encode();
    proof[proof.length - 40] ^= 1;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(proof);
  }

  /** What makes something that is sent; nothing is known of what has no canonical form. */
  private static @Nullable SentCall sent(Supplier<SentCall> made) {
    try {
      return made.get();
    } catch (TaperException e) {
      return null;
    }
  }

  private void messages(String kind, String value) {
    messages(kind, value, proof(SentTool.of("jira.echo", "{}")), UNPROVEN);
    String params = "{\"name\":\"echo\",\"arguments\":{\"x\":" + value + "}}";
    SentCall message = sent(() -> SentMcp.of("tools/call", params));
    if (message != null && !kind.startsWith("no UTF-8")) {
      messages(kind, value, unsigned(message), UNSIGNED);
    }
    SentCall tool = sent(() -> SentTool.of("jira.echo", "{\"x\":" + value + "}"));
    if (tool != null && !kind.startsWith("no UTF-8")) {
      tool(kind, value, unsigned(tool), UNSIGNED);
    }
  }

  private void messages(String kind, String value, String proof, String end) {
    byte[] message = message("tools/call", "\"id\":1,", value, meta(proof));
    table.row("mcp" + end, kind, message.length, () -> judge(guard, message));
    table.row("sdk" + end, kind, message.length, () -> filter(filter, message));
    String text = new String(message, StandardCharsets.ISO_8859_1);
    byte[] question = latin("{\"mcp\":" + text.replace("\"jsonrpc\":\"2.0\",\"id\":1,", "") + "}");
    ask("serve, mcp" + end, kind, question);
    if (end.equals(UNPROVEN)) {
      tool(kind, value, proof, end);
    }
  }

  private void tool(String kind, String value, String proof, String end) {
    String question =
        "{\"tool\":{\"name\":\"jira.echo\",\"arguments\":{\"x\":%s}},\"token\":\"%s\",\"proof\":\"%s\"}";
    ask("serve, tool" + end, kind, latin(question.formatted(value, token, proof)));
  }

  private void ask(String listener, String kind, byte[] question) {
    IncomingRequest asked = post("/v1/decide", question);
    table.row(
        listener,
        kind,
        question.length,
        () -> endpoints.forEach(endpoint -> endpoint.answer(asked)));
  }

  /** What comes as the content of a request. */
  private void contents(String kind, String value) {
    byte[] content = latin("{\"x\":" + value + "}");
    for (String path : List.of("/echo", "/v1/asks", "/v1/statements")) {
      String origin = "https://" + (path.endsWith("nts") ? "audit" : "jira") + ".example.com";
      SentHttp sent = SentHttp.of("POST", origin, path).content("application/json", content);
      row(path, kind, content, proof(SentTool.of("jira.echo", "{}")), UNPROVEN);
      row(path, kind, content, unsigned(sent), UNSIGNED);
    }
  }

  private void row(String path, String kind, byte[] content, String proof, String end) {
    IncomingRequest request = request("POST", path, content, proof);
    switch (path) {
      case "/echo" ->
          table.row(
              "http" + end,
              kind,
              content.length,
              () -> {
                var unused = http.judge(request);
              });
      case "/v1/asks" -> table.row("asks" + end, kind, content.length, () -> asks.answer(request));
      default -> table.row("audit" + end, kind, content.length, () -> statements.answer(request));
    }
  }

  private IncomingRequest request(String method, String path, byte[] content, String proof) {
    Map<String, String> fields =
        Map.of(
            "Content-Type",
            "application/json",
            "Host",
            "jira.example.com",
            "Taper-Token",
            token,
            "Taper-Proof",
            proof);
    return IncomingRequest.of(method, path, true, fields, content);
  }

  /** What goes on with a session: its streams, its end, and answers to its server. */
  private void session(String kind, byte[] content) {
    for (String method : List.of("GET", "DELETE", "POST")) {
      byte[] sent = method.equals("POST") ? content : new byte[0];
      SentHttp whole =
          SentHttp.of(method, "https://jira.example.com", "/mcp").content("application/json", sent);
      IncomingRequest request = request(method, "/mcp", sent, unsigned(whole));
      table.row(
          "session" + UNSIGNED,
          method + ", " + kind,
          sent.length,
          () -> {
            var unused = holders.check(request, sent, McpGuard.SESSION_FIELDS);
          });
    }
  }

  private static void judge(McpGuard guard, byte[] bytes) throws RpcFault {
    RpcMessage read = RpcText.read(bytes, guard::unread);
    if (read instanceof RpcMessage.Request request) {
      McpJudgement judged = guard.judge(request.method(), request.params());
      assertThat(judged).isInstanceOfAny(McpJudgement.Refused.class, McpJudgement.Open.class);
    }
  }
}
