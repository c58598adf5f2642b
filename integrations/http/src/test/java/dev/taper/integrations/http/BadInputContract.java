package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every guarded service does with lines and fields that no honest client sends. */
abstract class BadInputContract extends ServiceContract {
  static final String SEARCH = "/projects/ACME/issues?limit=5";

  private static final String INVALID = "400 invalid_request";
  private static final String TOO_LONG = "431 fields_too_large";

  List<String> search() {
    return world.presented(sent("GET", SEARCH));
  }

  static List<String> with(List<String> fields, String... more) {
    List<String> all = new ArrayList<>(fields);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void fields_doubled_areRefused() throws Exception {
    for (int i = 0; i < 2; i++) {
      Answer answer = get(SEARCH, with(search(), search().get(i)));
      assertRefused(answer, 400, "invalid_request");
    }
    assertRefused(
        get(SEARCH, with(search(), "Taper-Token: " + world.token.encodeBase64())),
        400,
        "invalid_request");
    assertRefused(get(SEARCH, with(search(), "Authorization: Basic eDp5")), 400, "invalid_request");
    String joined = search().get(1);
    assertRefused(
        get(SEARCH, List.of(search().get(0), joined + ", " + joined.substring(13))),
        401,
        "malformed_holder_proof");
    assertRefused(
        get(SEARCH, with(search(), "X-HTTP-Method-Override: DELETE")), 400, "invalid_request");
  }

  /** A folded field is another field to each server. */
  @Test
  void fields_folded_areRefused() throws Exception {
    String token = world.token.encodeBase64();
    String folded = "Taper-Token: " + token.substring(0, 20) + "\r\n " + token.substring(20);
    refused(get(SEARCH, List.of(folded, search().get(1))), "401 invalid_base64", "400");
    refused(
        get(SEARCH, with(search(), "Taper-Approval: AA,\r\n\tAA")),
        "401 malformed_approval",
        "400");
    refused(get(SEARCH, with(search(), "X-Tenant: a\r\n b")), "401 request_mismatch", "400");
  }

  @Test
  void fields_tooLong_areRefused() throws Exception {
    String longest = "A".repeat(64 * 1024);
    refused(get(SEARCH, List.of("Authorization: Taper " + longest)), TOO_LONG, "431");
    refused(get(SEARCH, with(search(), "X-Other: " + longest)), "200", "431");
    service().reached.clear();
    String longer = "Taper-Proof: " + "A".repeat(8193);
    refused(get(SEARCH, List.of(search().get(0), longer)), TOO_LONG, "431");
    String most = "Taper-Approval: " + "A".repeat(8192);
    List<String> many = new ArrayList<>(Collections.nCopies(8, most));
    many.addAll(search());
    refused(get(SEARCH, many), TOO_LONG, "431");
  }

  @Test
  void fields_notBase64url_areRefused() throws Exception {
    List<String> good = search();
    for (String bad :
        List.of("%41", "a b", "a/b", "a+b", "\u00e4", "a=b=", "\u00e9", "a\tb", "", "\"AA\"")) {
      assertRefused(get(SEARCH, List.of("Taper-Token: " + bad)), 401, "invalid_base64");
      assertRefused(get(SEARCH, List.of("Authorization: Taper " + bad)), 401, "invalid_base64");
      assertRefused(
          get(SEARCH, List.of(good.get(0), "Taper-Proof: " + bad)), 401, "malformed_holder_proof");
      assertRefused(get(SEARCH, with(good, "Taper-Approval: " + bad)), 401, "malformed_approval");
    }
    assertRefused(get(SEARCH, List.of(good.get(0) + "=", good.get(1))), 401, "invalid_base64");
    assertRefused(
        get(SEARCH, List.of(good.get(0), good.get(1) + "=")), 401, "malformed_holder_proof");
    for (String bad : List.of("AA", "AA,", ",AA", ",", "A,".repeat(20))) {
      assertRefused(get(SEARCH, with(good, "Taper-Approval: " + bad)), 401, "malformed_approval");
    }
  }

  /** A field whose name has a space behind it is one to some servers, and none to others. */
  @Test
  void fields_ofOddNames_areRefused() throws Exception {
    List<String> good = search();
    refused(get(SEARCH, List.of(good.get(0), good.get(1).replace(":", " :"))), "400", "400");
    assertRefused(
        get(SEARCH, List.of(good.get(0), good.get(1).replace("Taper-Proof", "Taper_Proof"))),
        400,
        "invalid_request");
    for (String name : List.of("X-HTTP-Method-Override", "x_http_method", "X-Method_Override")) {
      assertRefused(get(SEARCH, with(good, name + ": DELETE")), 400, "invalid_request");
    }
  }

  /** Many servers make one variable of both names, and some of a joined value. */
  @Test
  void fields_thatFoldToOneName_areRefused() throws Exception {
    SentHttp proven = sent("GET", SEARCH).field("x-tenant", "acme");
    String good = "X-Tenant: acme";
    for (String other : List.of("x_tenant: secret", "X_TENANT: acme", "X_Tenant: ")) {
      List<String> both = with(world.presented(proven), good, other);
      assertRefused(get(SEARCH, both), 400, "invalid_request");
      assertRefused(
          get(SEARCH, with(world.presented(proven), other, good)), 400, "invalid_request");
      assertRefused(get(SEARCH, with(search(), other)), 400, "invalid_request");
    }
    // Nobody but the holder learns that the field is an argument.
    assertRefused(
        get(SEARCH, with(world.presented(sent("GET", "/else")), "x_tenant: a")),
        401,
        "request_mismatch");
    for (String name :
        List.of(
            "Taper_Proof",
            "TAPER-ORIGINAL_TARGET",
            "taper_anything",
            "Content_Type",
            "content_length",
            "Transfer_Encoding",
            "X_Forwarded_Host",
            "x-forwarded_for",
            "X_Original_URI",
            "X_Real-IP",
            "Proxy_Authorization")) {
      assertRefused(get(SEARCH, with(search(), name + ": a")), 400, "invalid_request");
    }
    for (String beside : List.of("x_other: a", "X-Other: b", "X-Forwarded-For: 203.0.113.7")) {
      assertThat(get(SEARCH, with(search(), beside)).status()).as(beside).isEqualTo(200);
    }
  }

  @Test
  void fields_thatNameAnotherTarget_areRefused() throws Exception {
    for (String name : List.of("X-Original-URL", "x-rewrite-url", "X_Rewrite_URL")) {
      assertRefused(get(SEARCH, with(search(), name + ": /issues/7")), 400, "invalid_request");
    }
  }

  /** What Connection names is gone behind the next proxy, and would have been judged here. */
  @Test
  void fields_thatConnectionNames_areRefusedIfTheyAreJudged() throws Exception {
    SentHttp proven = sent("GET", SEARCH).field("x-tenant", "acme");
    for (String name : List.of("X-Tenant", "x_tenant", "Taper-Proof", "Authorization", "host")) {
      assertRefused(
          get(
              SEARCH,
              with(world.presented(proven), "X-Tenant: acme", "Connection: keep-alive ," + name)),
          400,
          "invalid_request");
    }
    assertThat(get(SEARCH, with(search(), "Connection: x-other")).status()).isEqualTo(200);
  }

  /** What is said after an upgrade, nobody would judge; h2c is the server's own affair. */
  @Test
  void upgrade_isRefused() throws Exception {
    for (String protocol : List.of("websocket", "TLS/1.0", "h2c, websocket", "connect-udp")) {
      assertRefused(
          get(SEARCH, with(search(), "Connection: Upgrade", "Upgrade: " + protocol)),
          400,
          "invalid_request");
    }
    String[] h2c = {
      "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"
    };
    assertThat(get(SEARCH, with(search(), h2c)).status()).isEqualTo(200);
  }

  @Test
  void proof_forAnotherRequest_isRefused() throws Exception {
    List<String> post = world.presented(sent("POST", SEARCH));
    assertRefused(get(SEARCH, post), 401, "request_mismatch");
    List<String> other = world.presented(sent("GET", SEARCH + "0"));
    assertRefused(get(SEARCH, other), 401, "request_mismatch");
    SentHttp elsewhere = SentHttp.of("GET", "http://jira.example.com", SEARCH);
    assertRefused(get(SEARCH, world.presented(elsewhere)), 401, "request_mismatch");
    SentHttp encrypted = SentHttp.of("GET", service().origin().replace("http:", "https:"), SEARCH);
    assertRefused(get(SEARCH, world.presented(encrypted)), 401, "request_mismatch");
    SentHttp typed = sent("GET", SEARCH).content("text/plain", NOTHING);
    assertRefused(get(SEARCH, world.presented(typed)), 401, "request_mismatch");
    String proof =
        world
            .token
            .prove(
                world.planner,
                sent("GET", SEARCH),
                "svc:wiki",
                SentApprovals.NONE,
                Clock.systemUTC())
            .encodeBase64();
    assertRefused(
        get(SEARCH, List.of(search().get(0), "Taper-Proof: " + proof)), 401, "request_mismatch");
  }

  /** Each form of a target, and what either server answers; a status alone is its own answer. */
  @Test
  void target_inOtherForms_isRefused() throws Exception {
    String origin = service().origin();
    String mismatch = "401 request_mismatch";
    // Jetty makes path and query of an absolute target by itself.
    target(origin + SEARCH + "&x=1", INVALID, mismatch);
    target("http://example.com" + SEARCH, INVALID, "400");
    target("*", "404", "400");
    target("//127.0.0.1" + SEARCH, "400", "400");
    target(SEARCH + "#x", INVALID, "400");
    target("/projects/./ACME/issues", mismatch, mismatch);
    target("/projects/x/../ACME/issues?limit=5", mismatch, mismatch);
    target("/projects/ACME/issues;a=b", mismatch, mismatch);
    target("/projects/ACME/issues%3Flimit=5", mismatch, mismatch);
    target("/projects//ACME/issues", mismatch, "400");
    target("/projects/AC%2fME/issues", mismatch, "400");
  }

  private void target(String target, String onJdk, String onJetty) throws Exception {
    refused(get(target, search()), onJdk, onJetty);
  }

  @Test
  void method_ofAnotherSpelling_isRefused() throws Exception {
    for (String method : List.of("get", "Get")) {
      assertRefused(Wire.send(service(), line(method), search(), NOTHING), 400, "invalid_request");
    }
    Answer trace = Wire.send(service(), line("TRACE"), search(), NOTHING);
    refused(trace, "401 request_mismatch", "401 request_mismatch");
    for (String method : List.of("OPTIONS", "FOO", "DELETE")) {
      assertRefused(Wire.send(service(), line(method), search(), NOTHING), 401, "request_mismatch");
    }
    Answer head = Wire.send(service(), line("HEAD"), search(), NOTHING);
    assertThat(head.status()).isEqualTo(401);
    assertThat(head.has("WWW-Authenticate", "Taper error=\"request_mismatch\"")).isTrue();
    assertThat(service().reached).isEmpty();
  }

  private static String line(String method) {
    return method + " " + SEARCH + " HTTP/1.1";
  }

  @Test
  void host_missingDoubledOrAnother_isRefused() throws Exception {
    String host = "Host: 127.0.0.1:" + service().port() + "\r\n";
    refused(hosts(""), "400", "400");
    refused(hosts(host + host), "400", "400");
    refused(hosts("Host: jira.example.com\r\n"), "401 request_mismatch", "401 request_mismatch");
    refused(hosts("Host: a b\r\n"), INVALID, "400");
    refused(hosts("Host: \r\n"), INVALID, "400");
    refused(hosts("Host: user@127.0.0.1\r\n"), INVALID, "400");
    assertThat(hosts(host).status()).isEqualTo(200);
  }

  private Answer hosts(String hosts) throws Exception {
    String fields = String.join("\r\n", search()) + "\r\nConnection: close\r\n\r\n";
    return Wire.raw(service().port(), "GET " + SEARCH + " HTTP/1.1\r\n" + hosts + fields, NOTHING);
  }
}
