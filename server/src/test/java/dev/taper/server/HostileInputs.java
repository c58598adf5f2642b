package dev.taper.server;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import dev.taper.server.serve.decide.DecideRole;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Inputs that are awkward to read, and whom they are sent to. */
final class HostileInputs {
  static final Clock NOON = Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  static final Clock LATER = Clock.offset(NOON, Duration.ofHours(2));
  static final PrivateKey ROOT = PrivateKey.generate(Algorithm.ED25519);
  static final PrivateKey STRANGER = PrivateKey.generate(Algorithm.ED25519);

  static final String CATALOG =
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

  private final int size;

  /** Makes inputs of about so many bytes. */
  HostileInputs(int size) {
    this.size = size;
  }

  static Verifier verifier(PrivateKey root, Clock clock) {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience("svc:jira")
        .catalog(ToolCatalog.parse(CATALOG))
        .withoutRevocation()
        .clock(clock)
        .build();
  }

  /** A token of many blocks, none of which says much. */
  static AgentToken token(int blocks) {
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

  static AgentToken token(PrivateKey holder) {
    return Issuer.of(ROOT)
        .clock(NOON)
        .mint(
            Delegation.by("user:alice")
                .to(Agent.of("agent:a", holder.publicKey()))
                .task("T")
                .grant("jira.*")
                .expiresIn(Duration.ofHours(1)));
  }

  static List<Endpoint> decides(Verifier verifier) {
    return new DecideRole(
            () -> verifier,
            UnaryOperator.identity(),
            CallerSecret.NONE,
            new Metrics(),
            "https://pdp.example.com")
        .endpoints();
  }

  /** Where statements for an audit log are taken. */
  static Endpoint statements(Verifier verifier) {
    try {
      Constructor<?> made =
          Class.forName("dev.taper.server.serve.audit.StatementsEndpoint")
              .getDeclaredConstructors()[0];
      made.setAccessible(true);
      Supplier<Verifier> verifiers = () -> verifier;
      return (Endpoint)
          made.newInstance(verifiers, null, "https://audit.example.com", new Metrics(), NOON);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  static IncomingRequest post(String target, byte[] content) {
    return IncomingRequest.of(
        "POST", target, true, Map.of("content-type", "application/json"), content);
  }

  String many(String part) {
    return part.repeat(size / part.length());
  }

  String numbered(String before, String after) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; all.length() < size; i++) {
      all.append(before).append(i).append(after);
    }
    return all.toString();
  }

  /** Values of JSON, most of which are awkward to read. */
  Map<String, String> values() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("empty objects", "[" + many("{},") + "0]");
    kinds.put("empty arrays", "[" + many("[],") + "0]");
    kinds.put("nested to the limit", "[" + many("[".repeat(55) + "]".repeat(55) + ",") + "0]");
    kinds.put("nested beyond it", "[".repeat(size / 2) + "]".repeat(size / 2));
    kinds.put("numbers of one digit", "[" + many("0,") + "0]");
    kinds.put("awkward exponents", "[" + many("1.1000000000000002e-305,") + "0]");
    kinds.put("large exponents", "[" + many("1e308,") + "0]");
    kinds.put("twenty zeros", "[" + many("1e20,") + "0]");
    kinds.put("five zeros", "[" + many("1e-6,") + "0]");
    kinds.put("exponents of two digits", "[" + many("9e99,") + "0]");
    kinds.put("zeros with a sign", "[" + many("-0,") + "0]");
    kinds.put("fractions", "[" + many("0.5,") + "0]");
    kinds.put("integers of more than 64 bits", "[" + many("98765432109876543210,") + "0]");
    kinds.put("objects of an object", "[" + many("{\"a\":{}},") + "0]");
    kinds.put("members backwards", "[" + many("{\"b\":0,\"a\":0},") + "0]");
    kinds.put(
        "twenty zeros, far down",
        "{\"b\":0,\"a\":".repeat(12) + "[" + many("1e20,") + "0]" + "}".repeat(12));
    kinds.put("numbers of 1,000 digits", "[" + many("9".repeat(1000) + ",") + "0]");
    kinds.put("fractions of 1,000 digits", "[" + many("0." + "7".repeat(1000) + ",") + "0]");
    kinds.put("one number of all digits", "9".repeat(size));
    kinds.put("one long text", "\"" + "x".repeat(size) + "\"");
    kinds.put("escapes of NUL", "\"" + many("\\u0000") + "\"");
    kinds.put("halves of pairs", "\"" + many("\\ud83d") + "\"");
    kinds.put("texts of one escape", "[" + many("\"\\u0061\",") + "0]");
    kinds.put("members of one object", "{" + numbered("\"m", "\":0,") + "\"z\":0}");
    kinds.put("a name again and again", "{" + many("\"m\":0,") + "\"z\":0}");
    kinds.put("names with escapes", "[" + many("{\"\\u005fmeta\":0},") + "0]");
    kinds.put("one long name", "{\"" + "n".repeat(size) + "\":0}");
    kinds.put("no UTF-8", "\"" + many("\u00ff") + "\"");
    kinds.put("white space", many(" ") + "0");
    kinds.put("words", "[" + many("true,null,") + "0]");
    kinds.put("no end", "[" + many("[0,"));
    return kinds;
  }

  static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A message as a client's line or content; what it presents stands behind what is hostile. */
  static byte[] message(String method, String id, String value, String meta) {
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
}
