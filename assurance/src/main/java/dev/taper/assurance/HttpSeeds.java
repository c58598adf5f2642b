package dev.taper.assurance;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.AgentToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The first HTTP requests of the binding. */
final class HttpSeeds {
  private HttpSeeds() {}

  static void write(Seeds seeds) throws IOException {
    credentials(seeds);
    requests(seeds);
    asks(seeds);
    answers(seeds);
  }

  /** What is answered to others. */
  private static void answers(Seeds seeds) throws IOException {
    Harness told = Harness.HTTP_ASK_TOLD;
    seeds.add(told, "answered", "{\"state\":\"answered\",\"approvals\":[\"AQAA\",\"AQAB\"]}");
    seeds.add(told, "list-in-list", "{\"state\":\"answered\",\"approvals\":[[\"AQAA\"]]}");
    seeds.add(told, "refused", "{\"state\":\"refused\",\"refusal\":\"not in a freeze\"}");
    seeds.add(told, "hidden", "{\"state\":\"refused\",\"refusal\":\"\\u001b[31m\"}");
    seeds.add(
        told,
        "decision",
        "{\"status\":403,\"code\":\"out_of_scope\",\"decision\":{\"format\":\"taper/1 decision\",\"version\":2,"
            + "\"view\":\"caller\",\"allowed\":false,\"code\":\"out_of_scope\",\"reason\":\"\\u202e\","
            + "\"audience\":\"svc:jira\",\"call\":{\"tool\":\"jira.close\"},\"delegator\":\"user:a\","
            + "\"task\":\"T\",\"hops\":[]}}");
    Harness ask = Harness.SERVICE_ASK;
    seeds.add(ask, "made", AskReader.made());
    seeds.add(ask, "twice", "{\"format\":\"taper/1 ask\",\"format\":\"taper/1 ask\"}");
    seeds.add(ask, "unknown", "{\"status\":404,\"code\":\"unknown_ask\",\"detail\":[{}]}");
    Harness first = Harness.FIRST_TOKEN;
    seeds.add(first, "token", token(TokenSeeds.atPlanner()));
    seeds.add(first, "another-holder", token(TokenSeeds.atResearcher()));
    seeds.add(
        first,
        "consent",
        "{\"error\":\"authorization_pending\",\"confirmation_uri\":\"http://127.0.0.1/confirm#a\",\"interval\":1}");
    seeds.add(
        first, "hidden", "{\"error\":\"invalid_grant\",\"error_description\":\"\\u001b[31m\"}");
  }

  private static String token(AgentToken token) {
    return "{\"access_token\":\""
        + token.encodeBase64()
        + "\",\"issued_token_type\":\"dev.taper:token\",\"token_type\":\"N_A\"}";
  }

  private static void asks(Seeds seeds) throws IOException {
    Harness ask = Harness.HTTP_ASK;
    String start = "{\"method\":\"GET\",\"target\":\"/issues/7\",\"reason\":\"a\"";
    seeds.add(ask, "least", start + "}");
    seeds.add(ask, "field", start + ",\"fields\":{\"X-Site\":\"A\",\"other\":\"b\"}}");
    seeds.add(ask, "list", start.replace("/7", "/7?part=a&part=b") + "}");
    seeds.add(ask, "hidden", start.replace("\"a\"", "\"\\u202e\"") + "}");
    seeds.add(ask, "twice", start + ",\"reason\":\"b\"}");
    seeds.add(
        ask,
        "allowed",
        "{\"method\":\"POST\",\"target\":\"/issues/7/comments\",\"content_type\":"
            + "\"application/json\",\"content\":\"eyJ0ZXh0IjoiYSJ9\",\"reason\":\"a\"}");
    Harness answer = Harness.HTTP_ASK_ANSWER;
    seeds.add(answer, "refusal", "{\"refusal\":\"not in a freeze\"}");
    seeds.add(answer, "both", "{\"refusal\":\"a\",\"approval\":\"AQ\"}");
    seeds.add(answer, "approval", "{\"approval\":\"AQAA\"}");
    seeds.add(answer, "long", "{\"refusal\":\"" + "a".repeat(1025) + "\"}");
  }

  private static void credentials(Seeds seeds) throws IOException {
    Harness harness = Harness.HTTP_CREDENTIALS;
    seeds.add(harness, "scheme", "GET /\nAuthorization: tAPER  AAAA\nTaper-Proof: AA_-\n");
    seeds.add(harness, "field", "GET /\nAuthorization: Basic YTpi\nTaper-Token: AAAA==\n");
    seeds.add(
        harness, "approvals", "GET /\nTaper-Token: A\nTaper-Approval: A, B\ntaper-approval: C");
    seeds.add(harness, "twice", "GET /\nAuthorization: Taper A\nTaper-Token: A\n");
    seeds.add(harness, "bearer", "GET /\nAuthorization: Bearer A\n");
    seeds.add(harness, "nothing", "GET /\nAuthorization: Taper\n");
    seeds.add(harness, "many", "GET /\nTaper-Token: A\nTaper-Approval: " + "A,".repeat(17) + "\n");
    seeds.add(harness, "letters", "GET /\nTaper-Token: A+/\n");
  }

  private static void requests(Seeds seeds) throws IOException {
    Harness harness = Harness.HTTP_REQUEST;
    SentHttp get = SentHttp.of("GET", HttpReader.ORIGIN, "/issues/7?part=a&part=b");
    seeds.add(harness, "get", head(get, ""));
    seeds.add(harness, "field", head(get.field("x-site", "A"), "X-Site: A\n"));
    seeds.add(harness, "method", head(get, "X_HTTP-Method: PUT\n"));
    seeds.add(harness, "host", head(get, "Host: a\n"));
    String json = "{\"text\":\"a\"}";
    SentHttp post =
        SentHttp.of("POST", HttpReader.ORIGIN, "/issues/7/comments")
            .content("application/json", json.getBytes(StandardCharsets.UTF_8));
    String type = "Content-Type: application/json\n";
    seeds.add(harness, "json", head(post, type + "Content-Length: 12\n") + json);
    seeds.add(harness, "chunks", head(post, type + "Transfer-Encoding: chunked\n") + json);
    seeds.add(harness, "short", head(post, type + "Content-Length: 13\n") + json);
    SentHttp put =
        SentHttp.of("PUT", HttpReader.ORIGIN, "/issues/7/file")
            .content("a/b", json.getBytes(StandardCharsets.UTF_8))
            .contentEncoding("gzip");
    String coded = "Content-Type: a/b\nContent-Encoding: gzip\nContent-Length: 12\n";
    seeds.add(harness, "bytes", head(put, coded) + json);
    SentHttp unknown = SentHttp.of("GET", HttpReader.ORIGIN, "/issues/7/else?a=1");
    seeds.add(harness, "unknown", head(unknown, ""));
  }

  /** Everything up to the content. */
  private static String head(SentHttp sent, String fields) {
    AgentToken token = TokenSeeds.atPlanner();
    String proof =
        token
            .prove(Keys.PLANNER, sent, HttpReader.AUDIENCE, SentApprovals.NONE, Keys.CLOCK)
            .encodeBase64();
    return sent.method()
        + " "
        + sent.target()
        + "\nHost: jira.example.com\nAuthorization: Taper "
        + token.encodeBase64()
        + "\nTaper-Proof: "
        + proof
        + "\n"
        + fields
        + "\n";
  }
}
