package dev.taper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.taper.TaperException;
import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.Hop;
import dev.taper.agent.Issuer;
import dev.taper.agent.Verifier;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.crypto.Signatures;
import dev.taper.integrations.http.Credentials;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.keeper.KeeperRefusal;
import dev.taper.server.keeper.RequestReader;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.process.Metrics;
import dev.taper.server.serve.decide.CallerSecret;
import dev.taper.server.serve.decide.DecideRole;
import dev.taper.server.serve.issuer.FormContent;
import dev.taper.server.signin.FormFields;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What an input costs before its token's chain is good, by listener and by kind of input: bytes of
 * heap that the thread allocated, and signatures. It counts, and measures no time; the column of
 * the processor's time is for people, and nothing is asserted of it. The table is written to {@code
 * target/unauthenticated-cost.txt}.
 */
class UnauthenticatedCostTest {
  /** The most bytes of heap for each byte of an input. */
  private static final int FACTOR = 4;

  /**
   * The same for the keeper's own user, whom the operating system names before anything is read.
   */
  private static final int FACTOR_OF_OWN = 128;

  private static final Set<String> OWN = Set.of("keeper, request");

  /** What an input may cost beside that, however short it is. */
  private static final int FIXED = 256 * 1024;

  private static final int SIZE = 240 * 1024;
  private static final int TRIES = 3;

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final Clock LATER = Clock.offset(NOON, Duration.ofHours(2));
  private static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  private static final PrivateKey STRANGER = PrivateKey.generate(Algorithm.ED25519);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira",
       "origins": [{"origin": "https://jira.example.com"}],
       "tools": {
         "jira.echo": {"operation": "read", "resource": "jira:all",
           "mcp": {"method": "tools/call", "name": "echo"},
           "arguments": {"x": {"type": "any"}}},
         "jira.post": {"operation": "read", "resource": "jira:all",
           "http": {"method": "POST", "path": "/echo"},
           "arguments": {"x": {"type": "any"}}}}}
      """;

  private interface Work {
    void run() throws IOException, RpcFault, RefusedException, ExchangeException;
  }

  private record Row(
      String listener, String kind, long bytes, long allocated, long signatures, long micros) {
    boolean isWithin() {
      int factor = OWN.contains(listener) ? FACTOR_OF_OWN : FACTOR;
      return allocated <= factor * bytes + FIXED && signatures <= 1;
    }

    @Override
    public String toString() {
      double kibibytes = bytes / 1024.0;
      return String.format(
          Locale.ROOT,
          "%-22s %-34s %7d %9d %8.2f %4d %8.3f",
          listener,
          kind,
          bytes,
          allocated,
          Math.max(0, allocated - FIXED) / 1024.0 / kibibytes,
          signatures,
          micros / 1000.0 / kibibytes);
    }
  }

  private final List<Row> table = new ArrayList<>();

  private void row(String listener, String kind, long bytes, Work work) {
    long least = Long.MAX_VALUE;
    long micros = Long.MAX_VALUE;
    long signatures = 0;
    for (int i = 0; i < TRIES; i++) { // what only the first one takes is classes and tables
      long signed = Signatures.verifications();
      long time = THREADS.getCurrentThreadCpuTime();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        work.run();
      } catch (IOException
          | RpcFault
          | RefusedException
          | ExchangeException
          | KeeperRefusal
          | TaperException e) {
        // It is refused, which is what is measured.
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      micros = Math.min(micros, (THREADS.getCurrentThreadCpuTime() - time) / 1000);
      signatures = Signatures.verifications() - signed;
    }
    table.add(new Row(listener, kind, bytes, least, signatures, micros));
  }

  private static Verifier verifier(PrivateKey root, Clock clock) {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience("svc:jira")
        .catalog(ToolCatalog.parse(CATALOG))
        .withoutRevocation()
        .clock(clock)
        .build();
  }

  /** A token of many blocks, none of which says much. */
  private static AgentToken token(int blocks) {
    PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(ROOT)
            .clock(NOON)
            .mint(
                Delegation.by("user:alice")
                    .to(Agent.of("agent:a", holder.publicKey()))
                    .task("T")
                    .grant("jira.*")
                    .expiresIn(Duration.ofHours(1)));
    for (int i = 1; i < blocks; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      token = token.delegate(holder, Hop.to(Agent.of("agent:" + i, next.publicKey())), NOON);
      holder = next;
    }
    return token;
  }

  private static String many(String part) {
    return part.repeat(SIZE / part.length());
  }

  private static String numbered(String before, String after) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; all.length() < SIZE; i++) {
      all.append(before).append(i).append(after);
    }
    return all.toString();
  }

  /** Values of JSON, most of which are awkward to read. */
  private static Map<String, String> values() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("empty objects", "[" + many("{},") + "0]");
    kinds.put("empty arrays", "[" + many("[],") + "0]");
    kinds.put("nested to the limit", "[" + many("[".repeat(55) + "]".repeat(55) + ",") + "0]");
    kinds.put("nested beyond it", "[".repeat(SIZE / 2) + "]".repeat(SIZE / 2));
    kinds.put("numbers of one digit", "[" + many("0,") + "0]");
    kinds.put("awkward exponents", "[" + many("1.1000000000000002e-305,") + "0]");
    kinds.put("large exponents", "[" + many("1e308,") + "0]");
    kinds.put("numbers of 1,000 digits", "[" + many("9".repeat(1000) + ",") + "0]");
    kinds.put("fractions of 1,000 digits", "[" + many("0." + "7".repeat(1000) + ",") + "0]");
    kinds.put("one number of all digits", "9".repeat(SIZE));
    kinds.put("one long text", "\"" + "x".repeat(SIZE) + "\"");
    kinds.put("escapes of NUL", "\"" + many("\\u0000") + "\"");
    kinds.put("halves of pairs", "\"" + many("\\ud83d") + "\"");
    kinds.put("texts of one escape", "[" + many("\"\\u0061\",") + "0]");
    kinds.put("members of one object", "{" + numbered("\"m", "\":0,") + "\"z\":0}");
    kinds.put("a name again and again", "{" + many("\"m\":0,") + "\"z\":0}");
    kinds.put("names with escapes", "[" + many("{\"\\u005fmeta\":0},") + "0]");
    kinds.put("one long name", "{\"" + "n".repeat(SIZE) + "\":0}");
    kinds.put("no UTF-8", "\"" + many("\u00ff") + "\"");
    kinds.put("white space", many(" ") + "0");
    kinds.put("words", "[" + many("true,null,") + "0]");
    kinds.put("no end", "[" + many("[0,"));
    return kinds;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A message as a client's line or content; what it presents stands behind what is hostile. */
  private static byte[] message(String method, String id, String value, String meta) {
    return latin(
        "{\"jsonrpc\":\"2.0\","
            + id
            + "\"method\":\""
            + method
            + "\",\"params\":{\"name\":\"echo\",\"arguments\":{\"x\":"
            + value
            + "},\"_meta\":{"
            + meta
            + "}}}");
  }

  private static void judge(McpGuard guard, byte[] bytes) throws RpcFault {
    RpcMessage read = RpcText.read(bytes, guard::reading);
    if (read instanceof RpcMessage.Request request) {
      McpJudgement judged = guard.judge(request.method(), request.params());
      assertThat(judged).isInstanceOfAny(McpJudgement.Refused.class, McpJudgement.Open.class);
    }
  }

  private void messages() {
    McpGuard guard = McpGuard.of(verifier(STRANGER, NOON));
    String token = "\"dev.taper/token\":\"" + token(3).encodeBase64().replace("=", "") + "\"";
    values()
        .forEach(
            (kind, value) -> {
              byte[] without = message("tools/call", "\"id\":1,", value, "");
              row("mcp, no token", kind, without.length, () -> judge(guard, without));
              byte[] unknown = message("tools/call", "\"id\":1,", value, token);
              row("mcp, unknown root", kind, unknown.length, () -> judge(guard, unknown));
              byte[] open = message("initialize", "\"id\":1,", value, "");
              row("mcp, initialize", kind, open.length, () -> judge(guard, open));
              byte[] told = message("notifications/progress", "", value, "");
              row("mcp, notification", kind, told.length, () -> judge(guard, told));
            });
    byte[] small = message("ping", "\"id\":1,", "[" + "{\"a\":{}},".repeat(80) + "0]", "");
    row("mcp, ping", "as many parts as there may be", small.length, () -> judge(guard, small));
    byte[] names = latin("{" + many("\"\\u0061\":0,") + "\"method\":\"ping\",\"id\":1}");
    row("mcp, no token", "names with escapes at the top", names.length, () -> judge(guard, names));
    byte[] meta = message("tools/call", "\"id\":1,", "0", many("\"dev.taper/x\":0,") + "\"z\":0");
    row("mcp, no token", "members of _meta", meta.length, () -> judge(guard, meta));
    byte[] long_ =
        message("tools/call", "\"id\":1,", "0", "\"dev.taper/token\":\"" + "A".repeat(SIZE) + "\"");
    row("mcp, long token", "a token of all bytes", long_.length, () -> judge(guard, long_));
    byte[] approvals =
        message(
            "tools/call",
            "\"id\":1,",
            "0",
            token + ",\"dev.taper/approvals\":[" + many("\"AAAA\",") + "\"A\"]");
    row("mcp, unknown root", "many approvals", approvals.length, () -> judge(guard, approvals));
    byte[] method = message(many("m"), "\"id\":1,", "0", "");
    row("mcp, no token", "a long method", method.length, () -> judge(guard, method));
    byte[] id = message("tools/call", "\"id\":\"" + many("i") + "\",", "0", "");
    row("mcp, no token", "a long id", id.length, () -> judge(guard, id));
  }

  private void tokens() {
    Map<String, String> kinds = new LinkedHashMap<>();
    String good = token(3).encodeBase64();
    String long_ = token(30).encodeBase64();
    byte[] bytes = Base64.getUrlDecoder().decode(good);
    byte[] unsigned = bytes.clone();
    unsigned[bytes.length / 3] ^= 1;
    kinds.put("three blocks", good);
    kinds.put("thirty blocks", long_);
    kinds.put("a bit changed", Base64.getUrlEncoder().encodeToString(unsigned));
    kinds.put("no base64", "!".repeat(8000));
    kinds.put("zeros", "A".repeat(8000));
    kinds.put("cut", long_.substring(0, long_.length() / 8 * 4));
    kinds.put(
        "empty blocks", Base64.getUrlEncoder().encodeToString(latin("\u001a\u0000".repeat(3000))));
    kinds.put("tags", Base64.getUrlEncoder().encodeToString(latin("\u0008\u0001".repeat(3000))));
    Verifier stranger = verifier(STRANGER, NOON);
    Verifier late = verifier(ROOT, LATER);
    kinds.forEach(
        (kind, text) -> {
          row("token, unknown root", kind, text.length(), () -> use(stranger, text));
          row("token, ended", kind, text.length(), () -> use(late, text));
        });
  }

  private static void use(Verifier verifier, String token) throws RefusedException {
    Credentials given = Credentials.checked(token.replace("=", ""), null, List.of());
    assertThat(verifier.unusable(given.token())).isNotNull();
  }

  private void requests() {
    Verifier stranger = verifier(STRANGER, NOON);
    HttpGuard guard = HttpGuard.of(stranger);
    String token = token(3).encodeBase64().replace("=", "");
    values()
        .forEach(
            (kind, value) -> {
              byte[] content =
                  latin("{\"x\":" + value.substring(0, Math.min(value.length(), 60_000)));
              row(
                  "http, unknown root",
                  kind,
                  content.length,
                  () ->
                      judge(
                          guard,
                          "/echo",
                          Map.of("content-type", "application/json"),
                          token,
                          content));
            });
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put("a long path", "/" + "a".repeat(8000));
    targets.put("many segments", "/a".repeat(4000));
    targets.put("percent-encodings", "/" + "%41".repeat(2600));
    targets.put("many parameters", "/echo?" + "a=b&".repeat(2000));
    targets.put("one parameter again", "/echo?" + "x&".repeat(4000));
    targets.forEach(
        (kind, target) ->
            row(
                "http, unknown root",
                kind,
                target.length(),
                () -> judge(guard, target, Map.of(), token, new byte[0])));
    Map<String, Map<String, String>> fields = new LinkedHashMap<>();
    fields.put("a long proof", Map.of("Taper-Proof", "A".repeat(8000)));
    fields.put("many approvals", Map.of("Taper-Approval", "A,".repeat(4000)));
    fields.put("one long approval", Map.of("Taper-Approval", "A".repeat(8000)));
    fields.put("a long digest", Map.of("Content-Digest", "sha-256=:" + "A".repeat(8000) + ":"));
    fields.put("a long media type", Map.of("Content-Type", "a/b;" + "c=d;".repeat(2000)));
    fields.forEach(
        (kind, given) ->
            row(
                "http, unknown root",
                kind,
                8000,
                () -> judge(guard, "/echo", given, token, latin("{\"x\":1}"))));
  }

  private static void judge(
      HttpGuard guard, String target, Map<String, String> fields, String token, byte[] content)
      throws RefusedException {
    Map<String, String> all = new LinkedHashMap<>(fields);
    all.put("Host", "jira.example.com");
    all.put("Taper-Token", token);
    var unused = guard.judge(IncomingRequest.of("POST", target, true, all, content));
  }

  private void forms() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("pairs", numbered("a", "=b&").substring(0, 60_000));
    kinds.put("one pair again", "a=b&".repeat(15_000));
    kinds.put("empty pairs", "&".repeat(60_000));
    kinds.put("percent-encodings", "a=" + "%41".repeat(20_000));
    kinds.put("bad encodings", "a=" + "%".repeat(60_000));
    kinds.put("one long value", "a=" + "b".repeat(60_000));
    kinds.put("one long name", "a".repeat(60_000) + "=");
    kinds.forEach(
        (kind, text) -> {
          byte[] content = latin(text);
          row(
              "issuer, form",
              kind,
              content.length,
              () -> {
                var unused = FormContent.read(content);
              });
          IncomingRequest page =
              IncomingRequest.of(
                  "POST",
                  "/confirm",
                  true,
                  Map.of("content-type", "application/x-www-form-urlencoded"),
                  content);
          row(
              "pages, form",
              kind,
              content.length,
              () -> {
                var unused = FormFields.of(page);
              });
        });
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    values()
        .forEach(
            (kind, value) -> {
              String claims = "{\"iss\":" + value.substring(0, Math.min(value.length(), 8_000));
              String jwt = "e30." + base64.encodeToString(latin(claims)) + ".AAAA";
              row(
                  "issuer, JWT",
                  kind,
                  jwt.length(),
                  () -> {
                    var unused = IdentityTokens.claimedIssuer(jwt);
                  });
            });
  }

  /** A service that asks shows a secret if one is set, and a keeper's socket is the own user's. */
  private void ofServices() {
    Verifier stranger = verifier(STRANGER, NOON);
    DecideRole role =
        new DecideRole(
            () -> stranger,
            UnaryOperator.identity(),
            CallerSecret.NONE,
            new Metrics(),
            "https://pdp.example.com");
    values()
        .forEach(
            (kind, value) -> {
              byte[] question = latin("{\"token\":\"AAAA\",\"call\":" + value + "}");
              IncomingRequest asked =
                  IncomingRequest.of(
                      "POST",
                      "/v1/decide",
                      true,
                      Map.of("content-type", "application/json"),
                      question);
              row(
                  "serve, decide",
                  kind,
                  question.length,
                  () -> role.endpoints().forEach(endpoint -> endpoint.answer(asked)));
              row(
                  "keeper, request",
                  kind,
                  question.length,
                  () -> {
                    var unused = RequestReader.read("POST", "/v1/prove", question);
                  });
            });
  }

  @Test
  void everyListener_hostileInputs_costLittleBeforeAChainIsGood() throws IOException {
    messages();
    tokens();
    requests();
    forms();
    ofServices();

    List<String> lines = new ArrayList<>();
    lines.add(
        "listener               kind                                 bytes allocated  KiB/KiB sigs ms/KiB");
    table.forEach(row -> lines.add(row.toString()));
    Files.write(Path.of("target", "unauthenticated-cost.txt"), lines);
    assertThat(table.stream().map(Row::kind).distinct().count()).isGreaterThanOrEqualTo(40);
    assertThat(table).filteredOn(row -> !row.isWithin()).isEmpty();
  }
}
