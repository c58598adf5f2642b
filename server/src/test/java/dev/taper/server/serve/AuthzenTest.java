package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.operations.OperationException;
import dev.taper.testing.TearDown;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AuthZEN 1.0, by the examples of its shape. */
class AuthzenTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String PDP = "https://pdp.example.com";
  private static final ServeWorld WORLD = new ServeWorld();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOOL = "{\"type\": \"tool\", \"id\": \"jira.ping\"}";

  private static Served served;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    served = Served.start("--config", WORLD.config(folder, ORIGIN), "--authzen-url", PDP);
  }

  @AfterAll
  static void stop() throws Exception {
    TearDown.close(served);
  }

  private static JsonNode asked(String path, String json) throws Exception {
    HttpResponse<String> answer = served.post("/access/v1/" + path, json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    return JSON.readTree(answer.body());
  }

  private static String subject(int n) {
    return "{\"type\": \"agent\", \"id\": \"agent:planner\", \"properties\": {\"token\": \"%s\", \"proof\": \"%s\"}}"
        .formatted(
            WORLD.token.encodeBase64(), WORLD.proof(SentTool.of("jira.ping", "{\"n\":" + n + "}")));
  }

  private static String action(int n) {
    return "{\"name\": \"jira.ping\", \"properties\": {\"arguments\": {\"n\": " + n + "}}}";
  }

  private static String question(String subject, String action, String resource) {
    return "{\"subject\": "
        + subject
        + ", \"action\": "
        + action
        + ", \"resource\": "
        + resource
        + "}";
  }

  @Test
  void evaluation_allowed_isTrueAndHasTheCall() throws Exception {
    JsonNode answer = asked("evaluation", question(subject(1), action(1), TOOL));
    assertThat(answer.get("decision").booleanValue()).as(answer.toString()).isTrue();
    assertThat(answer.at("/context/call/tool").textValue()).isEqualTo("jira.ping");
  }

  @Test
  void evaluation_ofAnotherCall_isFalseWithItsReason() throws Exception {
    JsonNode answer = asked("evaluation", question(subject(1), action(2), TOOL));
    assertThat(answer.get("decision").booleanValue()).isFalse();
    assertThat(answer.at("/context/refusal/code").textValue()).isEqualTo("request_mismatch");
  }

  /** What is asked about has to be what was sent: else a name in a log would be a lie. */
  @Test
  void evaluation_withOtherNames_isFalse() throws Exception {
    String other = "{\"type\": \"tool\", \"id\": \"jira.pong\"}";
    String typed = "{\"type\": \"resource\", \"id\": \"jira.ping\"}";
    String named = subject(4).replace("agent:planner", "agent:boss");
    for (String question :
        new String[] {
          question(subject(1), action(1), other),
          question(subject(2), action(2), typed),
          question(named, action(4), TOOL)
        }) {
      JsonNode answer = asked("evaluation", question);
      assertThat(answer.get("decision").booleanValue()).isFalse();
      assertThat(answer.at("/context/refusal/code").textValue()).isEqualTo("question_mismatch");
    }
  }

  @Test
  void evaluation_ofHttp_takesWhatWasSentFromTheContext() throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    String http =
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \"/projects/ACME/issues\","
            + " \"fields\": {"
            + WORLD.fields(sent)
            + "}}}";
    String question =
        "{\"subject\": {\"type\": \"agent\", \"id\": \"agent:planner\"}, \"action\": {\"name\":"
            + " \"jira.search\"}, \"resource\": {\"type\": \"resource\", \"id\": \"jira:project/ACME\"},"
            + " \"context\": "
            + http
            + "}";
    assertThat(asked("evaluation", question).get("decision").booleanValue()).isTrue();
    assertThat(asked("evaluation", question).at("/context/refusal/code").textValue())
        .isEqualTo("proof_replayed");
  }

  @Test
  void evaluations_takeDefaultsAndEndAsAsked() throws Exception {
    String good = "{\"subject\": %s, \"action\": %s}";
    String bad = "{\"subject\": %s}".formatted(subject(9)); // its action is another
    String items =
        good.formatted(subject(1), action(1))
            + ","
            + bad
            + ","
            + good.formatted(subject(3), action(3));
    String all =
        "{\"action\": "
            + action(8)
            + ", \"resource\": "
            + TOOL
            + ", \"evaluations\": ["
            + items
            + "]";
    JsonNode answer = asked("evaluations", all + "}");
    assertThat(answer.get("evaluations").findValuesAsText("decision"))
        .containsExactly("true", "false", "true");
    assertThat(answer.has("decision")).isFalse();

    String fresh =
        "{\"action\": "
            + action(8)
            + ", \"resource\": "
            + TOOL
            + ", \"options\": {\"evaluations_semantic\": \"%s\"}, \"evaluations\": ["
            + good.formatted(subject(1), action(1))
            + ","
            + bad
            + ", {\"subject\": 1}]}";
    assertThat(
            asked("evaluations", fresh.formatted("permit_on_first_permit"))
                .get("evaluations")
                .size())
        .isEqualTo(1);
    // The first was used up.
    assertThat(
            asked("evaluations", fresh.formatted("deny_on_first_deny")).get("evaluations").size())
        .isEqualTo(1);
    JsonNode three = asked("evaluations", fresh.formatted("execute_all")).get("evaluations");
    assertThat(three.size()).isEqualTo(3);
    assertThat(three.at("/2/context/refusal/code").textValue()).isEqualTo("invalid_question");
  }

  /** What one evaluation reads of the defaults was missing from those of the next one. */
  @Test
  void evaluations_severalHaveTheDefaultAction_allHaveItsArguments() throws Exception {
    String evaluation = "{\"subject\": %s}";
    String all =
        "{\"action\": %s, \"resource\": %s, \"evaluations\": [%s, %s, %s]}"
            .formatted(
                action(6),
                TOOL,
                evaluation.formatted(subject(6)),
                evaluation.formatted(subject(6)),
                evaluation.formatted(subject(7)));
    assertThat(asked("evaluations", all).get("evaluations").findValuesAsText("decision"))
        .containsExactly("true", "true", "false");
  }

  @Test
  void evaluations_withoutThem_areOne() throws Exception {
    assertThat(
            asked("evaluations", question(subject(5), action(5), TOOL))
                .get("decision")
                .booleanValue())
        .isTrue();
  }

  private static String search(String resource, String page) {
    return search(resource, page, WORLD.token);
  }

  private static String search(String resource, String page, AgentToken token) {
    String proof =
        token.proveOffer(WORLD.planner, ServeWorld.AUDIENCE, Clock.systemUTC()).encodeBase64();
    return "{\"subject\": {\"type\": \"agent\", \"id\": \"agent:planner\", \"properties\": {\"token\":"
        + " \""
        + token.encodeBase64()
        + "\", \"proof\": \""
        + proof
        + "\"}}, \"resource\": "
        + resource
        + page
        + "}";
  }

  @Test
  void actions_ofAResource_areThoseThatCanNameIt() throws Exception {
    JsonNode acme =
        asked(
            "search/action", search("{\"type\": \"resource\", \"id\": \"jira:project/ACME\"}", ""));
    assertThat(acme.get("results").findValuesAsText("name")).containsExactly("jira.search");
    assertThat(acme.at("/page/next_token").textValue()).isEmpty();
    JsonNode none =
        asked("search/action", search("{\"type\": \"resource\", \"id\": \"jira:issue/7\"}", ""));
    assertThat(none.get("results").isEmpty()).isTrue();
    JsonNode tool = asked("search/action", search(TOOL, ""));
    assertThat(tool.get("results").findValuesAsText("name")).containsExactly("jira.ping");
  }

  @Test
  void actions_pageByPage_areAll() throws Exception {
    String project = "{\"type\": \"resource\", \"id\": \"jira:project/ACME\"}";
    String first = search(project, ", \"page\": {\"limit\": 1}", WORLD.wide);
    JsonNode one = asked("search/action", first);
    String token = one.at("/page/next_token").textValue();
    assertThat(one.at("/page/total").intValue()).isEqualTo(2);
    JsonNode two = asked("search/action", page(first, token));
    List<String> names = new ArrayList<>(one.get("results").findValuesAsText("name"));
    names.addAll(two.get("results").findValuesAsText("name"));
    assertThat(names).containsExactly("jira.find", "jira.search");
    assertThat(two.at("/page/next_token").textValue()).isEmpty();

    for (String changed :
        new String[] {
          page(first, token).replace("\"limit\": 1", "\"limit\": 2"),
          page(first, token).replace("project/ACME", "project/B"),
          page(first, token).replace("agent:planner", "agent:boss"),
          page(first, token.replace("1-", "2-")),
          page(first, "1")
        }) {
      assertThat(served.post("/access/v1/search/action", changed).statusCode()).isEqualTo(400);
    }
  }

  private static String page(String search, String token) {
    return search.replace("\"page\": {", "\"page\": {\"token\": \"" + token + "\", ");
  }

  @Test
  void actions_ofAnotherSubject_areNone() throws Exception {
    JsonNode answer =
        asked("search/action", search(TOOL, "").replace("agent:planner", "agent:boss"));
    assertThat(answer.get("results").isEmpty()).isTrue();
    assertThat(answer.at("/context/refusal/code").textValue()).isEqualTo("question_mismatch");
  }

  @Test
  void actions_withoutProof_areNone() throws Exception {
    String question =
        "{\"subject\": {\"type\": \"agent\", \"id\": \"a\", \"properties\": {\"token\": \"%s\"}}, \"resource\": %s}";
    JsonNode answer = asked("search/action", question.formatted(WORLD.token.encodeBase64(), TOOL));
    assertThat(answer.get("results").isEmpty()).isTrue();
    assertThat(answer.at("/context/refusal/code").textValue()).isEqualTo("proof_required");
  }

  @Test
  void request_hasItsNameBack() throws Exception {
    HttpResponse<String> answer =
        served.post("/access/v1/evaluation", "{}", "X-Request-ID", "bfe9-1");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-request-id")).hasValue("bfe9-1");
    assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"search/subject", "search/resource"})
  void search_forWhatNobodyKnows_isNotImplemented(String path) throws Exception {
    assertThat(served.post("/access/v1/" + path, "{}").statusCode()).isEqualTo(501);
  }

  private static HttpResponse<String> metadata(Served of) throws Exception {
    return of.send(of.to("/.well-known/authzen-configuration").GET().build());
  }

  /** What is not named there is not to be had: a client needs no attempt to know. */
  @Test
  void metadata_namesWhatIsAnsweredAndNothingElse() throws Exception {
    HttpResponse<String> answer = metadata(served);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.get("policy_decision_point").textValue()).isEqualTo(PDP);
    Set<String> named = new TreeSet<>();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (member.getKey().endsWith("_endpoint")) {
        named.add(member.getKey());
        String url = member.getValue().textValue();
        assertThat(url).startsWith(PDP + "/access/v1/");
        // It is there, and wants more than that.
        assertThat(served.post(url.substring(PDP.length()), "{}").statusCode()).isEqualTo(400);
      }
    }
    assertThat(named)
        .containsExactly(
            "access_evaluation_endpoint", "access_evaluations_endpoint", "search_action_endpoint");
    assertThat(json.size()).isEqualTo(4);
    assertThat(served.post("/.well-known/authzen-configuration", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void metadata_withoutAnIdentifier_isNotThere(@TempDir Path folder) throws Exception {
    try (Served other = Served.start("--config", WORLD.config(folder, ORIGIN))) {
      assertThat(metadata(other).statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://pdp.example.com",
        "https://pdp.example.com/",
        "https://pdp.example.com/a",
        "https://pdp.example.com?a",
        "https://pdp.example.com#a",
        "https://a@pdp.example.com",
        "https://PDP.example.com",
        "pdp.example.com",
        "https://",
        "https://a b"
      })
  void metadata_ofWhatIsNoIdentifier_isRefused(String url, @TempDir Path folder) throws Exception {
    Path config = WORLD.config(folder, ORIGIN);
    assertThatThrownBy(() -> Served.start("--config", config, "--authzen-url", url))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--authzen-url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"subject\": {\"type\": \"user\", \"id\": \"a\"}}",
        "{\"subject\": {\"type\": \"agent\", \"id\": \"a\"}, \"action\": {\"name\": \"x\"}, \"resource\":"
            + " {\"type\": \"other\", \"id\": \"b\"}}",
        "{\"subject\": {\"type\": \"agent\", \"id\": \"a\"}, \"action\": {\"name\": \"x\"}, \"resource\":"
            + " {\"type\": \"tool\", \"id\": \"b\"}}",
        "{\"subject\": {\"type\": \"agent\", \"id\": \"a\", \"properties\": {\"token\": 1}}, \"action\":"
            + " {\"name\": \"x\"}, \"resource\": {\"type\": \"tool\", \"id\": \"b\"}}"
      })
  void evaluation_thatMakesNoSense_is400(String json) throws Exception {
    assertThat(served.post("/access/v1/evaluation", json).statusCode()).isEqualTo(400);
  }

  @Test
  void evaluations_tooManyOrOfUnknownSemantic_are400() throws Exception {
    String many = "{\"evaluations\": [" + "{},".repeat(64) + "{}]}";
    assertThat(served.post("/access/v1/evaluations", many).statusCode()).isEqualTo(400);
    String unknown = "{\"options\": {\"evaluations_semantic\": \"any\"}, \"evaluations\": [{}]}";
    assertThat(served.post("/access/v1/evaluations", unknown).statusCode()).isEqualTo(400);
  }
}
