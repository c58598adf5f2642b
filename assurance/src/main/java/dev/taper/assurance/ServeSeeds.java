package dev.taper.assurance;

import com.google.protobuf.ByteString;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.AgentToken;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The first questions to {@code taper serve}. */
final class ServeSeeds {
  private static final AgentToken TOKEN = TokenSeeds.atPlanner();
  private static final String JSON = "{\"text\":\"a\"}";
  private static final String LIST = "{\"mcp\": {\"method\": \"tools/list\"}}";
  private static final String PROXY =
      """
      Taper-Original-Method: %s
      Taper-Original-Target: %s
      Taper-Original-Scheme: https
      Taper-Original-Content: %s
      Host: jira.example.com
      Taper-Token: %s
      Taper-Proof: %s
      """;

  private ServeSeeds() {}

  static void write(Seeds seeds) throws IOException {
    decide(seeds);
    authzen(seeds);
    forward(seeds);
    envoy(seeds);
  }

  private static SentHttp get() {
    return SentHttp.of("GET", HttpReader.ORIGIN, "/issues/7?part=a&part=b");
  }

  private static SentHttp post() {
    return SentHttp.of("POST", HttpReader.ORIGIN, "/issues/7/comments")
        .content("application/json", JSON.getBytes(StandardCharsets.UTF_8));
  }

  private static String proof(SentHttp sent) {
    return TOKEN
        .prove(Keys.PLANNER, sent, HttpReader.AUDIENCE, SentApprovals.NONE, Keys.CLOCK)
        .encodeBase64();
  }

  private static String http(SentHttp sent, String fields, String more) {
    return "{\"http\": {\"method\": \""
        + sent.method()
        + "\", \"scheme\": \"https\", \"target\": \""
        + sent.target()
        + "\", \"fields\": {\"Host\": \"jira.example.com\", \"Taper-Token\": \""
        + TOKEN.encodeBase64()
        + "\", \"Taper-Proof\": [\""
        + proof(sent)
        + "\"]"
        + fields
        + "}"
        + more
        + "}}";
  }

  private static void decide(Seeds seeds) throws IOException {
    Harness harness = Harness.SERVE_DECIDE;
    seeds.add(harness, "get", http(get(), "", ""));
    seeds.add(
        harness,
        "content",
        http(
            post(),
            ", \"content-type\": \"application/json\"",
            ", \"content\": \"eyJ0ZXh0IjoiYSJ9\""));
    seeds.add(
        harness,
        "tool",
        "{\"token\": \"AAAA\", \"proof\": \"AAAA\", \"approvals\": [\"AA\"], \"tool\": {\"name\":"
            + " \"jira.search\", \"arguments\": {\"a\": [1.50, null, {\"b\": \"c\"}]}}}");
    seeds.add(harness, "mcp", "{\"mcp\": {\"method\": \"ping\", \"params\": {\"a\": 1}}}");
    seeds.add(harness, "list", LIST);
    seeds.add(harness, "place", "{\"address\": \"2001:db8::7\", " + LIST.substring(1));
    seeds.add(harness, "no-place", "{\"address\": \"localhost\", " + LIST.substring(1));
    seeds.add(harness, "twice", "{\"token\": \"A\", \"token\": \"A\"}");
    seeds.add(harness, "null", "{\"http\": null}");
  }

  private static void authzen(Seeds seeds) throws IOException {
    Harness harness = Harness.SERVE_AUTHZEN;
    String question =
        "\"subject\": {\"type\": \"agent\", \"id\": \"agent:planner\"}, \"action\": {\"name\":"
            + " \"jira.search\"}, \"resource\": {\"type\": \"resource\", \"id\":"
            + " \"jira:project/ACME/7\"}, \"context\": "
            + http(get(), "", "");
    seeds.add(harness, "one", "{" + question + "}");
    seeds.add(
        harness,
        "several",
        "{"
            + question
            + ", \"evaluations\": [{}, {\"action\": {\"name\": \"other\"}}, {\"action\": 1}]}");
    seeds.add(
        harness,
        "semantic",
        "{\"options\": {\"evaluations_semantic\": \"deny_on_first_deny\"}, \"evaluations\": [{}]}");
    String placed = question.replace("{\"http\"", "{\"address\": \"203.0.113.7\", \"http\"");
    seeds.add(harness, "place", "{" + placed + "}");
    Harness search = Harness.SERVE_AUTHZEN_SEARCH;
    String offer = TOKEN.proveOffer(Keys.PLANNER, HttpReader.AUDIENCE, Keys.CLOCK).encodeBase64();
    String start =
        "{\"subject\": {\"type\": \"agent\", \"id\": \"agent:planner\", \"properties\": {\"token\": \""
            + TOKEN.encodeBase64()
            + "\", \"proof\": \""
            + offer
            + "\"}}, \"resource\": {\"type\": \"resource\", \"id\": \"jira:project/ACME/7\"}";
    seeds.add(search, "all", start + "}");
    seeds.add(search, "page", start + ", \"page\": {\"token\": \"1\", \"limit\": 1}}");
    seeds.add(search, "token", start + ", \"page\": {\"token\": \"x\"}}");
  }

  private static void forward(Seeds seeds) throws IOException {
    Harness harness = Harness.SERVE_FORWARD;
    SentHttp get = get();
    String good = PROXY.formatted("GET", get.target(), "dropped", TOKEN.encodeBase64(), proof(get));
    seeds.add(harness, "get", good);
    seeds.add(harness, "length", good + "Taper-Original-Length: 3\n");
    seeds.add(harness, "twice", good + "Taper-Original-Method: GET\n");
    String place = "Taper-Original-Address: 203.0.113.7\n";
    seeds.add(harness, "place", good + place);
    seeds.add(harness, "two-places", good + place + place);
    byte[] bytes = JSON.getBytes(StandardCharsets.UTF_8);
    SentHttp put = SentHttp.of("PUT", HttpReader.ORIGIN, "/issues/7/file").content("a/b", bytes);
    String digest = "Content-Type: a/b\nContent-Digest: md5=:AA==:, sha-256=:%s:\n";
    seeds.add(
        harness,
        "digest",
        PROXY.formatted("PUT", put.target(), "digest", TOKEN.encodeBase64(), proof(put))
            + digest.formatted("YZPJdYWg9zHOe1ALtp0kdoFq+xTI2VrI5uhl9oDp5Dg="));
    seeds.add(
        harness,
        "json",
        PROXY.formatted("POST", post().target(), "digest", TOKEN.encodeBase64(), proof(post()))
            + digest.formatted("AA"));
  }

  private static void envoy(Seeds seeds) throws IOException {
    Harness harness = Harness.SERVE_ENVOY;
    SentHttp get = get();
    seeds.add(
        harness,
        "joined",
        check(
            head(get)
                .putAllHeaders(
                    Map.of("taper-token", TOKEN.encodeBase64(), "taper-proof", proof(get)))));
    SentHttp post = post();
    HeaderMap.Builder raw = HeaderMap.newBuilder();
    String[] fields = {
      "Taper-Token",
      TOKEN.encodeBase64(),
      "taper-proof",
      proof(post),
      "content-type",
      "application/json",
      "content-length",
      "12"
    };
    for (int i = 0; i < fields.length; i += 2) {
      raw.addHeaders(
          HeaderValue.newBuilder()
              .setKey(fields[i])
              .setRawValue(ByteString.copyFromUtf8(fields[i + 1])));
    }
    seeds.add(
        harness,
        "raw",
        check(head(post).setHeaderMap(raw).setRawBody(ByteString.copyFromUtf8(JSON))));
    seeds.add(harness, "unseen", check(head(post).setHeaderMap(raw)));
    seeds.add(harness, "nothing", new byte[0]);
  }

  private static AttributeContext.HttpRequest.Builder head(SentHttp sent) {
    return AttributeContext.HttpRequest.newBuilder()
        .setMethod(sent.method())
        .setPath(sent.target())
        .setHost("jira.example.com")
        .setScheme("https");
  }

  private static byte[] check(AttributeContext.HttpRequest.Builder http) {
    return CheckRequest.newBuilder()
        .setAttributes(
            AttributeContext.newBuilder()
                .setRequest(AttributeContext.Request.newBuilder().setHttp(http)))
        .build()
        .toByteArray();
  }
}
