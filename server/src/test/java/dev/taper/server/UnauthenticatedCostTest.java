package dev.taper.server;

import static dev.taper.server.HostileInputs.CATALOG;
import static dev.taper.server.HostileInputs.LATER;
import static dev.taper.server.HostileInputs.NOON;
import static dev.taper.server.HostileInputs.ROOT;
import static dev.taper.server.HostileInputs.STRANGER;
import static dev.taper.server.HostileInputs.decides;
import static dev.taper.server.HostileInputs.latin;
import static dev.taper.server.HostileInputs.message;
import static dev.taper.server.HostileInputs.post;
import static dev.taper.server.HostileInputs.token;
import static dev.taper.server.HostileInputs.verifier;
import static dev.taper.server.StandIns.filter;
import static dev.taper.server.StandIns.stub;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.server.StatusFilter;
import dev.taper.server.console.view.ViewRequest;
import dev.taper.server.keeper.RequestReader;
import dev.taper.server.listener.ContentReader;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.serve.asks.AsksEndpoint;
import dev.taper.server.serve.decide.EnvoyRequest;
import dev.taper.server.serve.issuer.ExchangeForm;
import dev.taper.server.signin.FormFields;
import dev.taper.trust.RootKeySet;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.grpc.BindableService;
import jakarta.servlet.Filter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;

/**
 * What an input costs before its token's chain is good, by listener and by kind of input: bytes of
 * heap that the thread allocated, and signatures. It counts, and measures no time; the column of
 * the processor's time is for people, and nothing is asserted of it. The table is written to {@code
 * target/unauthenticated-cost.txt}.
 */
class UnauthenticatedCostTest {
  private static final int SIZE = 240 * 1024;

  private final HostileInputs inputs = new HostileInputs(SIZE);
  private final CostTable table = new CostTable();

  private static void judge(McpGuard guard, byte[] bytes) throws RpcFault {
    RpcMessage read = RpcText.read(bytes, guard::unread);
    if (read instanceof RpcMessage.Request request) {
      McpJudgement judged = guard.judge(request.method(), request.params());
      assertThat(judged).isInstanceOfAny(McpJudgement.Refused.class, McpJudgement.Open.class);
    }
  }

  private void messages() {
    McpGuard guard = McpGuard.of(verifier(STRANGER, NOON));
    String token = "\"dev.taper/token\":\"" + token(3).encodeBase64().replace("=", "") + "\"";
    inputs
        .values()
        .forEach(
            (kind, value) -> {
              byte[] without = message("tools/call", "\"id\":1,", value, "");
              table.row("mcp, no token", kind, without.length, () -> judge(guard, without));
              byte[] unknown = message("tools/call", "\"id\":1,", value, token);
              table.row("mcp, unknown root", kind, unknown.length, () -> judge(guard, unknown));
              byte[] open = message("initialize", "\"id\":1,", value, "");
              table.row("mcp, initialize", kind, open.length, () -> judge(guard, open));
              byte[] told = message("notifications/progress", "", value, "");
              table.row("mcp, notification", kind, told.length, () -> judge(guard, told));
            });
    byte[] small = message("ping", "\"id\":1,", "[" + "{\"a\":{}},".repeat(80) + "0]", "");
    table.row(
        "mcp, ping", "as many parts as there may be", small.length, () -> judge(guard, small));
    byte[] names = latin("{" + inputs.many("\"\\u0061\":0,") + "\"method\":\"ping\",\"id\":1}");
    table.row(
        "mcp, no token", "names with escapes at the top", names.length, () -> judge(guard, names));
    byte[] meta =
        message("tools/call", "\"id\":1,", "0", inputs.many("\"dev.taper/x\":0,") + "\"z\":0");
    table.row("mcp, no token", "members of _meta", meta.length, () -> judge(guard, meta));
    byte[] long_ =
        message("tools/call", "\"id\":1,", "0", "\"dev.taper/token\":\"" + "A".repeat(SIZE) + "\"");
    table.row("mcp, long token", "a token of all bytes", long_.length, () -> judge(guard, long_));
    byte[] approvals =
        message(
            "tools/call",
            "\"id\":1,",
            "0",
            token + ",\"dev.taper/approvals\":[" + inputs.many("\"AAAA\",") + "\"A\"]");
    table.row(
        "mcp, unknown root", "many approvals", approvals.length, () -> judge(guard, approvals));
    byte[] method = message(inputs.many("m"), "\"id\":1,", "0", "");
    table.row("mcp, no token", "a long method", method.length, () -> judge(guard, method));
    byte[] id = message("tools/call", "\"id\":\"" + inputs.many("i") + "\",", "0", "");
    table.row("mcp, no token", "a long id", id.length, () -> judge(guard, id));
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
          table.row("token, unknown root", kind, text.length(), () -> use(stranger, text));
          table.row("token, ended", kind, text.length(), () -> use(late, text));
        });
  }

  private static void use(Verifier verifier, String token) throws RefusedException {
    Credentials given = CredentialFields.checked(token.replace("=", ""), null, List.of());
    assertThat(verifier.unusable(given.token())).isNotNull();
  }

  private void requests() {
    Verifier stranger = verifier(STRANGER, NOON);
    HttpGuard guard = HttpGuard.of(stranger);
    String token = token(3).encodeBase64().replace("=", "");
    inputs
        .values()
        .forEach(
            (kind, value) -> {
              byte[] content =
                  latin("{\"x\":" + value.substring(0, Math.min(value.length(), 60_000)));
              table.row(
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
            table.row(
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
            table.row(
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
    kinds.put("pairs", inputs.numbered("a", "=b&").substring(0, 60_000));
    kinds.put("one pair again", "a=b&".repeat(15_000));
    kinds.put("empty pairs", "&".repeat(60_000));
    kinds.put("percent-encodings", "a=" + "%41".repeat(20_000));
    kinds.put("bad encodings", "a=" + "%".repeat(60_000));
    kinds.put("one long value", "a=" + "b".repeat(60_000));
    kinds.put("one long name", "a".repeat(60_000) + "=");
    kinds.forEach(
        (kind, text) -> {
          byte[] content = latin(text);
          table.row(
              "issuer, form",
              kind,
              content.length,
              () -> {
                var unused = ExchangeForm.parameters(content);
              });
          IncomingRequest page =
              IncomingRequest.of(
                  "POST",
                  "/confirm",
                  true,
                  Map.of("content-type", "application/x-www-form-urlencoded"),
                  content);
          table.row(
              "pages, form",
              kind,
              content.length,
              () -> {
                var unused = FormFields.of(page);
              });
        });
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    inputs
        .values()
        .forEach(
            (kind, value) -> {
              String claims = "{\"iss\":" + value.substring(0, Math.min(value.length(), 8_000));
              String jwt = "e30." + base64.encodeToString(latin(claims)) + ".AAAA";
              table.row(
                  "issuer, JWT",
                  kind,
                  jwt.length(),
                  () -> {
                    var unused = IdentityTokens.claimedIssuer(jwt);
                  });
            });
  }

  /** Questions of services and proxies, in all forms. */
  private void questions() {
    Verifier stranger = verifier(STRANGER, NOON);
    List<Endpoint> endpoints = decides(stranger);
    String token = token(3).encodeBase64().replace("=", "");
    String subject =
        "\"subject\":{\"type\":\"agent\",\"id\":\"agent:a\",\"properties\":{\"token\":\""
            + token
            + "\"}}";
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put(
        "/v1/decide tool",
        "{\"tool\":{\"name\":\"x\",\"arguments\":{\"x\":%s}},\"token\":\"" + token + "\"}");
    forms.put(
        "/v1/decide http",
        "{\"http\":{\"method\":\"GET\",\"x\":%s,\"fields\":{\"TAPER-Token\":[\""
            + token
            + "\"]}}}");
    forms.put(
        "/v1/decide authorization",
        "{\"http\":{\"x\":%s,\"fields\":{\"Authorization\":\"taper " + token + "\"}}}");
    forms.put(
        "/v1/decide mcp",
        "{\"mcp\":{\"method\":\"tools/call\",\"params\":{\"a\":%s,\"_meta\":{\"dev.taper/token\":\""
            + token
            + "\"}}}}");
    forms.put("/v1/decide nothing", "{\"x\":%s}");
    forms.put("/access/v1/evaluation tool", "{\"x\":%s," + subject + "}");
    forms.put("/access/v1/evaluations tool", "{\"evaluations\":[{" + subject + "},%s]}");
    forms.put("/access/v1/search/action tool", "{\"x\":%s," + subject + "}");
    inputs
        .values()
        .forEach(
            (kind, value) ->
                forms.forEach(
                    (form, template) -> {
                      byte[] question = latin(template.replace("%s", value));
                      IncomingRequest asked = post(form.split(" ", 2)[0], question);
                      table.row(
                          "serve, " + form,
                          kind,
                          question.length,
                          () -> endpoints.forEach(endpoint -> endpoint.answer(asked)));
                    }));
    String small = "{\"x\":[" + "{\"a\":{}},".repeat(80) + "0]}";
    IncomingRequest asked = post("/v1/decide", latin(small));
    table.row(
        "serve, small",
        "as many parts as there may be",
        small.length(),
        () -> endpoints.forEach(endpoint -> endpoint.answer(asked)));
    Map<String, String> forwarded = new LinkedHashMap<>();
    forwarded.put("a long path", "/" + "a".repeat(8000));
    forwarded.put("many segments", "/a".repeat(4000));
    forwarded.put("percent-encodings", "/" + "%41".repeat(2600));
    forwarded.put("many parameters", "/echo?" + "a=b&".repeat(2000));
    forwarded.forEach(
        (kind, target) -> {
          Map<String, String> fields =
              Map.of(
                  "Taper-Original-Method", "GET",
                  "Taper-Original-Target", target,
                  "Taper-Original-Scheme", "https",
                  "Taper-Original-Content", "dropped",
                  "Host", "jira.example.com",
                  "Taper-Token", token);
          IncomingRequest question =
              IncomingRequest.of("GET", "/v1/forward", true, fields, new byte[0]);
          table.row(
              "serve, /v1/forward",
              kind,
              target.length(),
              () -> endpoints.forEach(endpoint -> endpoint.answer(question)));
        });
  }

  /** A keeper's socket is its own user's, which the operating system says of every peer. */
  private void ofOwnUser() {
    inputs
        .values()
        .forEach(
            (kind, value) -> {
              byte[] question = latin("{\"token\":\"AAAA\",\"call\":" + value + "}");
              table.row(
                  "keeper, request",
                  kind,
                  question.length,
                  () -> {
                    var unused = RequestReader.read("POST", "/v1/prove", question);
                  });
            });
  }

  /** Listeners that take little before they look at a token, a secret or a session. */
  private void smallContents() {
    Verifier stranger = verifier(STRANGER, NOON);
    HttpGuard guard = HttpGuard.of(stranger).keepingAsks(Asks.inMemory(), NOON);
    Endpoint asks =
        new AsksEndpoint(
            List.of(new AsksEndpoint.Service(guard, () -> ToolCatalog.parse(CATALOG))), false);
    Endpoint statements = HostileInputs.statements(stranger);
    HolderCheck holders = HolderCheck.of(() -> stranger);
    Map<String, String> fields =
        Map.of(
            "Content-Type", "application/json",
            "Host", "jira.example.com",
            "Taper-Token", token(3).encodeBase64().replace("=", ""));
    Map<Integer, String> sizes = // just within each one's limit, and over it
        Map.of(
            400,
            "console, link",
            1024,
            "console, long link",
            31 * 1024,
            "asks, unknown ask",
            62 * 1024,
            "audit, statement",
            80 * 1024,
            "audit, long statement",
            120 * 1024,
            "asks",
            200 * 1024,
            "asks, long",
            SIZE,
            "session, unknown root");
    sizes.forEach(
        (size, listener) ->
            new HostileInputs(size)
                .values()
                .forEach(
                    (kind, value) -> {
                      byte[] content = latin("{\"x\":" + value + "}");
                      CostTable.Work work =
                          switch (listener.substring(0, 4)) {
                            case "cons" ->
                                () -> {
                                  var unused = ViewRequest.read(content, 512);
                                };
                            case "audi" ->
                                () -> statements.answer(sent("/v1/statements", fields, content));
                            case "sess" ->
                                () -> {
                                  var unused =
                                      holders.check(
                                          sent("/mcp", fields, content),
                                          content,
                                          McpGuard.SESSION_FIELDS);
                                };
                            default -> () -> asks.answer(sent(pathOf(listener), fields, content));
                          };
                      table.row(listener, kind, content.length, work);
                    }));
  }

  private static String pathOf(String listener) {
    return listener.endsWith("unknown ask")
        ? "/v1/asks/" + "A".repeat(22) + "/answers"
        : "/v1/asks";
  }

  private static IncomingRequest sent(String path, Map<String, String> fields, byte[] content) {
    return IncomingRequest.of("POST", path, true, fields, content);
  }

  private void envoy() throws ReflectiveOperationException {
    Method few =
        Class.forName("dev.taper.server.serve.decide.EnvoyParts")
            .getDeclaredMethod("areFew", byte[].class);
    few.setAccessible(true);
    HttpGuard guard = HttpGuard.of(verifier(STRANGER, NOON));
    String token = token(3).encodeBase64().replace("=", "");
    Map<String, byte[]> kinds = new LinkedHashMap<>();
    kinds.put("empty fields", envoy(nested(3, inputs.many("\u001a\u0000"))));
    kinds.put("empty values", envoy(nested(100, inputs.many("\n\u0000"))));
    kinds.put("unknown fields", envoy(inputs.many("\u00f8\u0007\u0001")));
    kinds.put("empty attributes", latin(inputs.many("\n\u0000")));
    kinds.put("a long content", envoy(nested(11, "x".repeat(SIZE))));
    kinds.put("a long path", envoy(nested(2, "GET") + nested(4, "/" + "a".repeat(8000))));
    kinds.put(
        "a token",
        envoy(
            nested(2, "GET")
                + nested(4, "/echo")
                + nested(3, nested(1, "taper-token") + nested(2, token))));
    kinds.forEach(
        (kind, bytes) ->
            table.row(
                "serve, envoy",
                kind,
                bytes.length,
                () -> {
                  boolean isRead;
                  try {
                    isRead = (boolean) few.invoke(null, (Object) bytes);
                  } catch (ReflectiveOperationException e) {
                    throw new IOException(e);
                  }
                  if (isRead) {
                    var unused = guard.judge(EnvoyRequest.of(CheckRequest.parseFrom(bytes)));
                  }
                }));
  }

  /** The bytes of a field of protobuf, as text of one byte a character. */
  private static String nested(int number, String content) {
    return varint((number << 3) | 2) + varint(content.length()) + content;
  }

  private static String varint(int value) {
    return value < 128
        ? String.valueOf((char) value)
        : (char) ((value & 127) | 128) + varint(value >>> 7);
  }

  private static byte[] envoy(String http) {
    return latin(nested(1, nested(4, nested(2, http))));
  }

  /** What comes in pieces is put together, and coded contents are not decoded. */
  private void contents() throws IOException {
    byte[] content = new byte[SIZE];
    Map<String, Integer> pieces = new LinkedHashMap<>();
    pieces.put("one piece", SIZE);
    pieces.put("pieces of 8 KiB", 8 * 1024);
    pieces.put("pieces of 64 bytes", 64);
    pieces.forEach(
        (kind, length) -> {
          List<Content.Chunk> chunks = new ArrayList<>();
          for (int i = 0; i < SIZE; i += length) {
            int end = Math.min(SIZE, i + length);
            chunks.add(
                Content.Chunk.from(ByteBuffer.wrap(content, i, end - i).slice(), end == SIZE));
          }
          table.row("listener, content", kind, SIZE, () -> read(chunks));
          table.row("mcp, line", kind, SIZE, () -> line(content, length));
        });
    HttpGuard guard = HttpGuard.of(verifier(STRANGER, NOON));
    String token = token(3).encodeBase64().replace("=", "");
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(new byte[4 << 20]);
    }
    byte[] bomb = zipped.toByteArray();
    Map<String, String> coded =
        Map.of("Content-Encoding", "gzip", "Content-Type", "application/json");
    table.row(
        "http, unknown root", "gzip", bomb.length, () -> judge(guard, "/echo", coded, token, bomb));
    List<Endpoint> endpoints = decides(verifier(STRANGER, NOON));
    IncomingRequest asked = IncomingRequest.of("POST", "/v1/decide", true, coded, bomb);
    table.row(
        "serve, coded",
        "gzip",
        bomb.length,
        () -> endpoints.forEach(endpoint -> endpoint.answer(asked)));
  }

  @Test
  void everyListener_hostileInputs_costLittleBeforeAChainIsGood()
      throws IOException, ReflectiveOperationException {
    messages();
    tokens();
    requests();
    forms();
    questions();
    ofOwnUser();
    smallContents();
    envoy();
    contents();
    sdk();
    roots();

    requireRows();
    table.require(Path.of("target", "unauthenticated-cost.txt"));
    assertThat(table.rows().stream().map(CostTable.Row::kind).distinct().count())
        .isGreaterThanOrEqualTo(40);
  }

  private static void read(List<Content.Chunk> chunks) {
    for (Content.Chunk chunk : chunks) { // which is read again
      chunk.retain();
      var unused = chunk.getByteBuffer().rewind();
    }
    Iterator<Content.Chunk> next = chunks.iterator();
    Request request =
        stub(
            Request.class,
            name -> name.equals("getLength") ? (Object) Long.valueOf(-1) : next.next());
    ContentReader.read(
        request,
        SIZE,
        new ContentReader.Receiver() {
          @Override
          public void whole(byte[] content) {
            assertThat(content).hasSize(SIZE);
          }

          @Override
          public void broken(ContentReader.Problem problem) {
            throw new AssertionError(problem);
          }
        });
  }

  /** Reads a line that comes in pieces. */
  private static void line(byte[] content, int piece) throws IOException {
    byte[] line = Arrays.copyOf(content, content.length);
    line[line.length - 1] = '\n';
    InputStream in =
        new ByteArrayInputStream(line) {
          @Override
          public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, piece));
          }

          @Override
          public int read(byte[] into) {
            return read(into, 0, into.length);
          }
        };
    try {
      Constructor<?> made =
          Class.forName("dev.taper.server.mcp.BoundedLines")
              .getDeclaredConstructor(InputStream.class, int.class);
      made.setAccessible(true);
      Object lines = made.newInstance(in, SIZE);
      Method next = lines.getClass().getDeclaredMethod("next");
      next.setAccessible(true);
      assertThat(next.invoke(lines)).isNotNull();
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }

  /** A server on the SDK, behind the filter that stands before its servlet. */
  private void sdk() {
    StatusFilter filter = StatusFilter.of(McpGuard.of(verifier(STRANGER, NOON)));
    String token = "\"dev.taper/token\":\"" + token(3).encodeBase64().replace("=", "") + "\"";
    inputs
        .values()
        .forEach(
            (kind, value) -> {
              byte[] without = message("tools/call", "\"id\":1,", value, "");
              table.row("sdk, no token", kind, without.length, () -> filter(filter, without));
              byte[] unknown = message("tools/call", "\"id\":1,", value, token);
              table.row("sdk, unknown root", kind, unknown.length, () -> filter(filter, unknown));
              byte[] told = message("notifications/progress", "", value, "");
              table.row("sdk, notification", kind, told.length, () -> filter(filter, told));
            });
  }

  /** A token that names no root key, where several are trusted. */
  private void roots() {
    List<RootKeySet.RootKey> keys = new ArrayList<>();
    for (int id = 0; id < 16; id++) {
      keys.add(RootKeySet.RootKey.of(id, PrivateKey.generate(Algorithm.ED25519).publicKey()));
    }
    Verifier many =
        Verifier.trusting(RootKeySet.of(NOON, keys))
            .audience("svc:jira")
            .catalog(ToolCatalog.parse(CATALOG))
            .withoutRevocation()
            .clock(NOON)
            .build();
    String text = token(3).encodeBase64();
    table.row("token, several roots", "three blocks", text.length(), () -> use(many, text));
  }

  /** What answers somebody over HTTP or gRPC, with its rows above, or why it has none. */
  private static final Map<String, String> LISTENERS =
      Map.ofEntries(
          Map.entry("serve.decide.DecideEndpoint", "serve, /v1/decide tool"),
          Map.entry("serve.decide.AuthzenEndpoint", "serve, /access/v1/evaluations tool"),
          Map.entry("serve.decide.ForwardEndpoint", "serve, /v1/forward"),
          Map.entry("serve.decide.EnvoyChecks", "serve, envoy"),
          Map.entry("serve.decide.AuthzenMetadata", "- AuthzenTest: reads no content"),
          Map.entry("serve.decide.DescriptionEndpoint", "- DecideTest: reads no content"),
          Map.entry("serve.audit.StatementsEndpoint", "audit, statement"),
          Map.entry("serve.asks.AsksEndpoint", "asks"),
          Map.entry("serve.issuer.TokenEndpoint", "issuer, form"),
          Map.entry("serve.issuer.RenewEndpoint", "token, unknown root"), // a content is refused
          Map.entry("serve.lists.ListsEndpoint", "- ListsTest: reads no content"),
          Map.entry("issuer.enrol.EnrolmentEndpoint", "pages, form"),
          Map.entry("issuer.enrol.PublishedNames", "- PublishedNamesTest: reads no content"),
          Map.entry("issuer.confirm.ConfirmPages", "pages, form"),
          Map.entry("signin.SignIn", "pages, form"),
          Map.entry(
              "console.relay.RelayEndpoint", "- CallerSecretTest: reads after its secret was said"),
          Map.entry("console.ConsoleHost", "console, link"),
          Map.entry(
              "console.people.PeopleHost", "- PeopleRoleTest: reads after somebody signed in"),
          Map.entry("listener.AdminPages", "- ListenerTest: reads no content"),
          Map.entry("listener.Endpoints", "listener, content"),
          Map.entry("keeper.KeeperHandler", "keeper, request"),
          Map.entry("mcp.HttpFront", "mcp, unknown root"));

  /** A new listener needs rows. */
  private void requireRows() throws IOException {
    Set<String> tests = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      files.forEach(file -> tests.add(String.valueOf(file.getFileName())));
    }
    assertThat(LISTENERS.values().stream().filter(row -> row.startsWith("- ")))
        .allMatch(reason -> tests.contains(reason.substring(2).split(":", 2)[0] + ".java"));
    Set<String> found = new TreeSet<>();
    for (JavaClass one : mainClasses()) {
      boolean isListener =
          one.isAssignableTo(Endpoint.class)
              || one.isAssignableTo(Handler.class)
              || one.isAssignableTo(BindableService.class)
              || one.isAssignableTo(HttpHandler.class)
              || one.isAssignableTo(Filter.class);
      if (isListener && !one.isInterface() && !one.isAnonymousClass()) {
        found.add(one.getName().substring("dev.taper.server.".length()));
      }
    }
    assertThat(LISTENERS.keySet()).containsExactlyInAnyOrderElementsOf(found);

    assertThat(table.rows().stream().map(CostTable.Row::listener))
        .contains("session, unknown root") // of HolderCheck, behind HttpFront
        .containsAll(LISTENERS.values().stream().filter(row -> !row.startsWith("- ")).toList());
  }

  /** Main code, with the classes of libraries that it extends. */
  private static JavaClasses mainClasses() {
    return ArchConfiguration.withThreadLocalScope(
        configuration -> {
          configuration.setResolveMissingDependenciesFromClassPath(true);
          return new ClassFileImporter().importPath(Path.of("target", "classes"));
        });
  }
}
