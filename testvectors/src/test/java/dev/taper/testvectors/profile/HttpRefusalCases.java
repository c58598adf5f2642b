package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Arriving.byPlanner;
import static dev.taper.testvectors.profile.HttpCases.JSON;
import static dev.taper.testvectors.profile.HttpCases.ORIGIN;
import static dev.taper.testvectors.profile.HttpCases.TITLE;
import static dev.taper.testvectors.profile.HttpCases.createIssue;
import static dev.taper.testvectors.profile.HttpCases.delete;
import static dev.taper.testvectors.profile.HttpCases.read;
import static dev.taper.testvectors.profile.Served.refused;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests that are refused for what they are, whoever makes them, and what only holders hear. */
final class HttpRefusalCases {
  private static final String INVALID = "invalid_request";
  private static final String LONG = "A".repeat(8_193);

  private final Cases cases =
      new Cases(
          "http",
          "Requests that a guarded service refuses for their form (docs/binding.md), or for what"
              + " its catalog says of them, which only their holders are told.");

  private HttpRefusalCases() {}

  static JsonNode file() {
    HttpRefusalCases all = new HttpRefusalCases();
    all.addTwice();
    all.addForms();
    all.addLengths();
    all.addUnknown();
    all.addToNobodyElse();
    return all.cases.file();
  }

  private void bad(String name, @Nullable String attack, Arriving request, ObjectNode expect) {
    new Served(name, attack).gets(request, expect).addTo(cases);
  }

  private void invalid(String name, Arriving request) {
    bad(name, null, request, refused(400, INVALID, "detail"));
  }

  private static Arriving reading() {
    return byPlanner(read(), Served.chain());
  }

  private static Arriving creating() {
    return byPlanner(createIssue(), Served.chain());
  }

  private void addTwice() {
    String token = HttpCases.token();
    invalid("two tokens", reading().with("Authorization", "Taper " + token));
    invalid("a token and another scheme", reading().with("Authorization", "Bearer abc"));
    invalid("a token in both fields", reading().with("Taper-Token", token));
    invalid(
        "two fields for the token",
        reading().without("Authorization").with("Taper-Token", token).with("Taper-Token", token));
    invalid("two proofs", reading().with("taper-proof", "AAAA"));
    invalid("two hosts", reading().with("Host", "jira.example.com"));
    invalid("two types of content", creating().with("Content-Type", "text/plain"));
    invalid(
        "two content codings",
        creating().with("content-encoding", "a").with("Content-Encoding", "b"));
    invalid("two lengths", creating().with("Transfer-Encoding", "chunked"));
    invalid(
        "a field twice that the catalog declares, and that no proof covers",
        reading().with("X-Site", "A").with("x-site", "B"));
    bad(
        "a field twice, of which a proof covers the first",
        "request_changed",
        byPlanner(read().field("x-site", "A"), Served.chain()).with("X-Site", "A"),
        refused(401, "request_mismatch"));
  }

  private void addForms() {
    for (String name :
        List.of("X-HTTP-Method-Override", "x-http-method", "X-Method-Override", "X_HTTP_Method")) {
      bad(
          "another method named in " + name,
          "meaning_stated",
          reading().with(name, "DELETE"),
          refused(400, INVALID, "detail"));
    }
    for (String name : List.of("X-Original-URL", "X_Rewrite_Url")) {
      bad(
          "another target named in " + name,
          "meaning_stated",
          reading().with(name, "/issues/8"),
          refused(400, INVALID, "detail"));
    }
    for (String name :
        List.of(
            "Taper_Proof",
            "taper-original_target",
            "Content_Type",
            "content_length",
            "Transfer_Encoding",
            "X_Forwarded_For",
            "X-Real_IP",
            "Proxy_Authorization")) {
      bad(
          "a reserved field spelled " + name,
          "argument_smuggled",
          reading().with(name, "AAAA"),
          refused(400, INVALID, "detail"));
    }
    for (String name : List.of("X_Site", "x_SITE")) {
      bad(
          "the field of an argument spelled " + name,
          "argument_smuggled",
          reading().with(name, "B"),
          refused(400, INVALID, "detail"));
      bad(
          "the field of an argument, and beside it " + name,
          "argument_smuggled",
          byPlanner(read().field("x-site", "A"), Served.chain()).with(name, "B"),
          refused(400, INVALID, "detail"));
    }
    for (String name : List.of("Taper-Proof", "content-type", "Host", "X-Site")) {
      bad(
          "a field of which Connection says that it goes no further: " + name,
          "argument_smuggled",
          reading().with("Connection", "close, " + name),
          refused(400, INVALID, "detail"));
    }
    invalid("an upgrade", reading().with("Upgrade", "websocket"));
    invalid("an upgrade of several", reading().with("upgrade", "h2c, websocket"));
    invalid("no host", reading().without("Host"));
    for (String host :
        List.of(
            "user@jira.example.com", "jira..example.com", "-", "1.2.3", "a:0", "a:", "a:65536")) {
      invalid("a host that is none: " + host, reading().changed("Host", host));
    }
    invalid("the target of a proxy", reading().line("target", ORIGIN + "/issues/7"));
    invalid("the target of a server as a whole", reading().line("target", "*"));
    invalid("a target with a fragment", reading().line("target", "/issues/7#x"));
    invalid("a target beyond ASCII", reading().line("target", "/issues/\u00e9"));
    invalid("a method in small letters", reading().line("method", "get"));
  }

  private void addLengths() {
    ObjectNode fields = refused(431, "fields_too_large", "detail");
    bad(
        "a token that is too long",
        null,
        reading().changed("Authorization", "Taper " + LONG),
        fields);
    bad("a proof that is too long", null, reading().changed("Taper-Proof", LONG), fields);
    bad("approvals that are too long", null, reading().with("Taper-Approval", LONG), fields);
    Arriving many = reading();
    for (int i = 0; i < 8; i++) {
      many = many.with("Taper-Approval", LONG.substring(1));
    }
    bad("more than all may have together", null, many, fields);
    ObjectNode content = refused(413, "content_too_large", "detail");
    byte[] large = new byte[65_537];
    Sent attach = Sent.http("PUT", ORIGIN, "/issues/7/file").content("a/b", large);
    bad("content that is too long", null, byPlanner(attach, Served.chain()), content);
    new Served("content beyond another limit", null)
        .with("limit", TITLE.length() - 1)
        .gets(creating(), content)
        .addTo(cases);
    ObjectNode unseen = refused(400, "content_not_seen", "detail");
    bad(
        "content that is announced by a length and not there",
        "argument_smuggled",
        reading().with("Content-Length", "5"),
        unseen);
    bad(
        "content that is announced by a transfer coding and not there",
        "argument_smuggled",
        reading().with("Transfer-Encoding", "chunked"),
        unseen);
  }

  private void holder(String name, String attack, Sent sent, int status, String code) {
    bad(name, attack, byPlanner(sent, Served.chain()), refused(status, code, "detail"));
  }

  private static Sent get(String target) {
    return Sent.http("GET", ORIGIN, target);
  }

  private static Sent post(@Nullable String type, String content) {
    return Sent.http("POST", ORIGIN, "/issues").content(type, content);
  }

  private void addUnknown() {
    holder("a path of no tool", "argument_smuggled", get("/wiki"), 404, "unknown_tool");
    holder(
        "a method of no tool",
        "argument_smuggled",
        Sent.http("PATCH", ORIGIN, "/issues/7"),
        404,
        "unknown_tool");
    holder(
        "an origin that is not the service's",
        "request_changed",
        Sent.http("GET", "https://wiki.example.com", "/issues/7"),
        404,
        "unknown_tool");
    String smuggled = "argument_smuggled";
    holder("an argument too many", smuggled, get("/issues/7?x=1"), 400, "unknown_argument");
    String more = TITLE.replace("}", ",\"admin\":true}");
    holder("a member too many", smuggled, post(JSON, more), 400, "unknown_argument");
    holder("an argument missing", "argument_confusion", post(JSON, "{}"), 400, INVALID);
    holder(
        "a name twice",
        "json_confusion",
        post(JSON, "{\"title\":\"x\",\"title\":\"y\"}"),
        400,
        INVALID);
    holder(
        "an argument of another type",
        "argument_confusion",
        get("/issues/x"),
        400,
        "invalid_argument_type");
    holder(
        "a number that has no spelling",
        "number_confusion",
        post(JSON, TITLE.replace("}", ",\"amount\":1e1000}")),
        400,
        "invalid_argument_value");
    holder("a segment of dots", "path_walk", get("/issues/../7"), 400, "ambiguous_path");
    holder(
        "an address with a user",
        "url_confusion",
        get("/issues/7?link=http://a@b/"),
        400,
        "ambiguous_url");
    holder(
        "a resource that can be read in two ways",
        "path_walk",
        post(JSON, TITLE.replace("ACME", "..")),
        400,
        "ambiguous_resource");
    holder("content of no type", smuggled, post(null, TITLE), 400, INVALID);
    holder(
        "content of several parts",
        smuggled,
        post("multipart/form-data; boundary=b", "--b--"),
        400,
        INVALID);
    holder("content that is compressed", smuggled, post(JSON, TITLE).encoded("gzip"), 400, INVALID);
    holder("content that is no text", smuggled, post("text/plain", TITLE), 400, INVALID);
  }

  /** Who is not the holder learns nothing of the catalog. */
  private void addToNobodyElse() {
    Sent unknown = get("/wiki");
    Chain chain = Served.chain();
    Arriving good = byPlanner(unknown, chain);
    bad("a path of no tool, by nobody", null, Arriving.of(unknown), refused(401, "token_required"));
    bad(
        "a path of no tool, by a thief",
        "stolen_token",
        good.without("Taper-Proof"),
        refused(401, "proof_required"));
    bad(
        "a path of no tool, with another key's proof",
        "proof_by_another_key",
        Arriving.proven(unknown, chain, Cast.MALLORY),
        refused(401, "proof_mismatch"));
    bad(
        "a path of no tool, for another one",
        "request_changed",
        good.line("target", "/issues"),
        refused(401, "request_mismatch"));
    String bearer =
        Messages.base64(
            chain.then("", Cast.PLANNER, Cast.THROW_AWAY.publicKey()).bearer(Cast.THROW_AWAY));
    new Served("a path of no tool, by who has a bearer token where they are taken", null)
        .with("bearer", true)
        .gets(
            Arriving.of(unknown).with("Taper-Token", bearer),
            refused(404, "unknown_tool", "detail"))
        .addTo(cases);
    bad(
        "a path of no tool, by who has a bearer token where they are not",
        "bearer_unasked",
        Arriving.of(unknown).with("Taper-Token", bearer),
        refused(401, "bearer_not_accepted"));
    Sent argument = post(JSON, "{}");
    bad(
        "an argument missing, by a thief",
        "stolen_token",
        byPlanner(argument, chain).without("Taper-Proof"),
        refused(401, "proof_required"));
    Sent close = delete();
    bad(
        "a request that the catalog takes, by a thief",
        "stolen_token",
        byPlanner(close, chain).without("Taper-Proof"),
        refused(401, "proof_required", "detail"));
    byte[] other = "{\"project\":\"ACME\",\"title\":\"y\"}".getBytes(StandardCharsets.UTF_8);
    bad(
        "other content than was signed",
        "request_changed",
        creating().content(other),
        refused(401, "request_mismatch", "detail"));
  }
}
