package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.util.List;
import java.util.Objects;

/** What a client signs of a request that it is about to make. */
final class SigningCases {
  private static final String ORIGIN = HttpCases.ORIGIN;

  private final Cases cases =
      new Cases(
          "signing",
          "Requests that a holder is about to make (docs/binding.md), by the URL that it dials; the"
              + " fields are those that it knows the catalog to declare. expect has what a proof of"
              + " it covers, what is signed, and the proof.");

  private SigningCases() {}

  static JsonNode file() {
    SigningCases all = new SigningCases();
    all.addDialled();
    all.addParts();
    all.addBeside();
    return all.cases.file();
  }

  /** A case whose URL leads to what is sent. */
  private void add(String name, String url, Sent sent, String... approvals) {
    add(name, url, sent, "planner", Cast.PLANNER, Served.chain(), approvals);
  }

  private void add(
      String name,
      String url,
      Sent sent,
      String holder,
      PrivateKey key,
      Chain chain,
      String... approvals) {
    ObjectNode request = Json.object("method", Json.text(sent.json(), "method"), "url", url);
    for (String member : List.of("contentType", "contentEncoding", "fields", "content")) {
      if (sent.json().has(member)) {
        request.set(member, sent.json().get(member));
      }
    }
    byte[] state = Objects.requireNonNull(chain.state());
    List<String> beside = List.of(approvals);
    byte[] header =
        Messages.proofHeader(key, sent.form(), Cast.NOON.toEpochMilli(), ProofCases.NONCE);
    byte[] digests = ProofCases.digests(state, Cast.JIRA, beside, sent);
    String origin = Json.text(sent.json(), "origin");
    int scheme = origin.indexOf("://");
    ObjectNode expect =
        Json.object(
            "scheme",
            origin.substring(0, scheme),
            "authority",
            origin.substring(scheme + 3),
            "target",
            Json.text(sent.json(), "target"),
            "message",
            Messages.proof(header, digests),
            "proof",
            ProofCases.proof(key, state, Cast.JIRA, beside, sent, Cast.NOON, ProofCases.NONCE));
    cases.add(
        name,
        null,
        "holder",
        holder,
        "key",
        key.publicKey(),
        "token",
        Messages.base64(chain.held()),
        "audience",
        Cast.JIRA,
        "request",
        request,
        "approvals",
        beside,
        "time",
        Cast.NOON.toEpochMilli(),
        "nonce",
        ProofCases.NONCE,
        "expect",
        expect);
  }

  private static Sent get(String origin, String target) {
    return Sent.http("GET", origin, target);
  }

  private void addDialled() {
    add("a plain URL", ORIGIN + "/issues/7", get(ORIGIN, "/issues/7"));
    add("no path", ORIGIN, get(ORIGIN, "/"));
    add("a query without a path", ORIGIN + "?part=a", get(ORIGIN, "/?part=a"));
    add("the default port", ORIGIN + ":443/issues/7", get(ORIGIN, "/issues/7"));
    add("the default port of http", "http://a.example:80/", get("http://a.example", "/"));
    add("another port", "http://a.example:443/", get("http://a.example:443", "/"));
    add("an address", "http://[::1]:8080/a", get("http://[::1]:8080", "/a"));
    add("capital letters", "HTTPS://Jira.Example.COM/Issues/7", get(ORIGIN, "/Issues/7"));
    add(
        "escapes, which stay",
        ORIGIN + "/issues/a%2Fb%20c?part=%c3%a9&part=+",
        get(ORIGIN, "/issues/a%2Fb%20c?part=%c3%a9&part=+"));
    add("an empty query", ORIGIN + "/issues?", get(ORIGIN, "/issues?"));
  }

  private void addParts() {
    add("content", ORIGIN + "/issues", HttpCases.createIssue());
    add(
        "content of no type",
        ORIGIN + "/issues",
        Sent.http("POST", ORIGIN, "/issues").content(null, "x"));
    add("a type without content", ORIGIN + "/issues/7", HttpCases.read().content("text/plain", ""));
    add(
        "a content coding",
        ORIGIN + "/issues/7/file",
        Sent.http("PUT", ORIGIN, "/issues/7/file")
            .content("a/b", new byte[] {31, (byte) 139})
            .encoded("gzip"));
    add("a declared field", ORIGIN + "/issues/7", HttpCases.read().field("x-site", "A, b"));
  }

  private void addBeside() {
    String boss = HttpCases.approval(Cast.BOSS);
    String lawyer = HttpCases.approval(Cast.LAWYER);
    String url = ORIGIN + "/issues/7";
    add("an approval", url, HttpCases.delete(), boss);
    add("two approvals", url, HttpCases.delete(), boss, lawyer);
    add("two approvals in another order", url, HttpCases.delete(), lawyer, boss);
    Chain handedOn =
        Served.chain().then("holder(\"agent:scraper\");", Cast.PLANNER, Cast.SCRAPER.publicKey());
    add("a key of P-256", url, HttpCases.read(), "scraper", Cast.SCRAPER, handedOn);
  }
}
