package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Proofs of requests, messages and questions: what they cover, part by part. */
final class SentProofCases {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String PARAMS = "{\"arguments\":{\"id\":7},\"name\":\"close\"}";

  private final Cases cases =
      new Cases(
          "proofs",
          "Proofs (docs/profile.md, section 10) of the other forms. sent is what arrives, with the"
              + " number of its form; where it is not what was signed, part is the one that"
              + " differs.");

  private SentProofCases() {}

  static JsonNode file() {
    SentProofCases all = new SentProofCases();
    all.addGood();
    all.addHttp();
    all.addMessages();
    all.addForms();
    return all.cases.file();
  }

  private void add(
      String name, @Nullable String attack, Sent signed, Sent received, @Nullable String part) {
    byte[] header =
        Messages.proofHeader(
            Cast.PLANNER, signed.form(), Cast.NOON.toEpochMilli(), ProofCases.NONCE);
    byte[] digests = ProofCases.digests(ProofCases.STATE, Cast.JIRA, List.of(), signed);
    cases.add(
        name,
        attack,
        "key",
        Cast.PLANNER.publicKey().toString(),
        "state",
        ProofCases.STATE,
        "audience",
        Cast.JIRA,
        "sent",
        received.json(),
        "time",
        Cast.NOON.toEpochMilli(),
        "nonce",
        ProofCases.NONCE,
        "message",
        part == null ? Messages.proof(header, digests) : null,
        "proof",
        ProofCases.proof(
            Cast.PLANNER,
            ProofCases.STATE,
            Cast.JIRA,
            List.of(),
            signed,
            Cast.NOON,
            ProofCases.NONCE),
        "now",
        Cast.NOON.toEpochMilli(),
        "part",
        part,
        "expect",
        part == null ? Cases.ok(true) : Cases.code("request_mismatch"));
  }

  private static Sent post() {
    return Sent.http("POST", ORIGIN, "/issues/7?notify=a%20b").field("x-site", "A, b");
  }

  private static Sent full() {
    return post().content("application/json", "{\"title\":\"x\"}").encoded("identity");
  }

  private void addGood() {
    good("a request without content", () -> Sent.http("GET", ORIGIN, "/"));
    good("a request with all parts", SentProofCases::full);
    good("a request to a port", () -> Sent.http("GET", "http://[::1]:8080", "/a?b"));
    good("a content of no type", () -> post().content(null, "x"));
    good("a type without content", () -> post().content("text/plain", ""));
    good("two fields", () -> post().field("a", "b"));
    good("a message", () -> Sent.mcp("tools/call", PARAMS));
    good("a message without params", () -> Sent.mcp("prompts/get", "{}"));
    good("a question", Sent::offer);
    good("a tool", () -> Sent.tool("jira.search", "{\"limit\":1e-7}"));
    add(
        "a message with other white space and _meta",
        null,
        Sent.mcp("tools/call", PARAMS),
        Sent.mcp(
            "tools/call",
            "{ \"name\": \"close\", \"_meta\": {\"a\": 1}, \"arguments\": {\"id\": 7.0} }"),
        null);
  }

  private void good(String name, Supplier<Sent> sent) {
    add(name, null, sent.get(), sent.get(), null);
  }

  private void changed(String part, Sent signed, Sent received) {
    changed("another " + part, part, signed, received);
  }

  private void changed(String name, String part, Sent signed, Sent received) {
    add(name, "request_changed", signed, received, part);
  }

  private void addHttp() {
    changed("method", Sent.http("GET", ORIGIN, "/"), Sent.http("DELETE", ORIGIN, "/"));
    changed(
        "scheme",
        Sent.http("GET", ORIGIN, "/"),
        Sent.http("GET", ORIGIN.replace("https", "http"), "/"));
    changed(
        "authority",
        Sent.http("GET", ORIGIN, "/"),
        Sent.http("GET", "https://wiki.example.com", "/"));
    changed(
        "another port",
        "authority",
        Sent.http("GET", ORIGIN, "/"),
        Sent.http("GET", ORIGIN + ":8443", "/"));
    changed("target", Sent.http("GET", ORIGIN, "/a"), Sent.http("GET", ORIGIN, "/b"));
    changed(
        "another order of pairs",
        "target",
        Sent.http("GET", ORIGIN, "/?a=1&b=2"),
        Sent.http("GET", ORIGIN, "/?b=2&a=1"));
    changed(
        "a second id",
        "target",
        Sent.http("GET", ORIGIN, "/?id=1"),
        Sent.http("GET", ORIGIN, "/?id=1&id=2"));
    changed(
        "content_type",
        post().content("application/json", "{}"),
        post().content("application/x-www-form-urlencoded", "{}"));
    changed(
        "another boundary",
        "content_type",
        post().content("multipart/form-data; boundary=a", "--a--"),
        post().content("multipart/form-data; boundary=b", "--a--"));
    changed(
        "content_encoding", post().content("a/b", "x").encoded("gzip"), post().content("a/b", "x"));
    changed("fields", full(), full().field("x-user", "root"));
    changed(
        "another value of a field",
        "fields",
        post(),
        Sent.http("POST", ORIGIN, "/issues/7?notify=a%20b").field("x-site", "A"));
    changed("content", full(), full().content("application/json", "{\"title\":\"y\"}"));
    changed(
        "several parts, of which the first is named",
        "method",
        Sent.http("GET", ORIGIN, "/a"),
        Sent.http("DELETE", "https://wiki.example.com", "/b"));
    changed("no content", "content", full(), full().content("application/json", ""));
  }

  private void addMessages() {
    changed(
        "another message",
        "method",
        Sent.mcp("prompts/get", PARAMS),
        Sent.mcp("tools/call", PARAMS));
    changed(
        "params", Sent.mcp("tools/call", PARAMS), Sent.mcp("tools/call", PARAMS.replace("7", "8")));
    changed("arguments", Sent.tool("t", "{\"a\":1}"), Sent.tool("t", "{\"a\":2}"));
    changed("tool", Sent.tool("t", "{\"a\":1}"), Sent.tool("u", "{\"a\":1}"));
    changed("operation", stated("read", "a:b"), stated("write", "a:b"));
    changed("resource", stated("read", "a:b"), stated("read", "a:c"));
  }

  /** A tool whose caller states what calling it means. */
  private static Sent stated(String operation, String resource) {
    return Sent.request(
        "{\"tool\":\"t\",\"operation\":\"%s\",\"resource\":\"%s\",\"args\":{}}"
            .formatted(operation, resource));
  }

  private void addForms() {
    String form = "form";
    changed("a message for a request", form, Sent.mcp("a", "{}"), Sent.http("GET", ORIGIN, "/"));
    changed("a request for a message", form, Sent.http("GET", ORIGIN, "/"), Sent.mcp("a", "{}"));
    changed("a tool for a message", form, Sent.tool("t", "{}"), Sent.mcp("tools/call", "{}"));
    changed("a question for a call", form, Sent.offer(), Sent.tool("t", "{}"));
    changed("a call for a question", form, Sent.tool("t", "{}"), Sent.offer());
  }
}
