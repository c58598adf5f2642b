package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.spring.Troubles;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Other filters, other chains, other dispatches: none of them opens a way around the guard. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroublesTest {
  private static final byte[] NOTHING = {};
  private static final String SEARCH = "/projects/ACME/issues?limit=5";

  private final World world = new World();
  private BootService service;

  @BeforeAll
  void start() {
    service =
        BootService.start(
            world,
            Map.of(
                "taper.http.open[0]", "/free",
                "taper.http.open[1]", "/nothing-there",
                "spring.mvc.hiddenmethod.filter.enabled", "true",
                "server.forward-headers-strategy", "framework"),
            Troubles.class);
  }

  @AfterAll
  void stop() throws Exception {
    TearDown.close(TearDown.of(service, BootService::stop));
  }

  @BeforeEach
  void forget() {
    service.reached.clear();
    Troubles.SEEN.clear();
  }

  private Answer send(String method, String target, List<String> fields, byte[] content)
      throws IOException {
    return Wire.send(service, method + " " + target + " HTTP/1.1", fields, content);
  }

  private Answer signed(String method, String target, String... more) throws IOException {
    List<String> fields =
        new ArrayList<>(world.presented(SentHttp.of(method, service.origin(), target)));
    fields.addAll(List.of(more));
    return send(method, target, fields, NOTHING);
  }

  private Answer form(String target, String text, String... more) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    String type = "application/x-www-form-urlencoded";
    List<String> fields =
        new ArrayList<>(
            world.presented(SentHttp.of("POST", service.origin(), target).content(type, content)));
    fields.add("Content-Type: " + type);
    fields.add("Content-Length: " + content.length);
    fields.addAll(List.of(more));
    return send("POST", target, fields, content);
  }

  private void assertRefused(Answer answer, int status, String code) {
    assertThat(service.reached).isEmpty();
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.has("Content-Type", "application/problem+json")).isTrue();
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(answer.has("WWW-Authenticate", "Taper error=\"" + code + "\""))
        .isEqualTo(status == 401);
  }

  @Test
  void filter_beforeChangesWhatIsAsked_isRefused() throws Exception {
    assertRefused(signed("GET", SEARCH, "X-Before: DELETE /issues/7"), 503, "unavailable");
    assertThat(Troubles.SEEN).containsExactly("X-Before not judged");
    assertRefused(
        send("DELETE", "/issues/7", List.of("X-Before: GET /free"), NOTHING), 503, "unavailable");
    assertRefused(
        send("GET", "/free", List.of("X-Before: DELETE /issues/7"), NOTHING), 503, "unavailable");
    assertThat(signed("GET", SEARCH).status()).isEqualTo(200);
  }

  @Test
  void filter_afterChangesWhatIsAsked_reachesNoOtherTool() throws Exception {
    assertRefused(signed("GET", SEARCH, "X-After: DELETE /issues/7"), 503, "unavailable");
    assertThat(Troubles.SEEN).containsExactly("X-After judged");
  }

  @Test
  void filter_beforeReadsParameters_leavesNothingToJudge() throws Exception {
    assertRefused(form("/forms", "name=a", "X-Read: 1"), 400, "content_not_seen");
    assertThat(Troubles.SEEN).containsExactly("read a");
  }

  @Test
  void filter_ofHiddenMethods_changesNothing() throws Exception {
    assertRefused(form("/forms", "name=a&_method=DELETE"), 400, "unknown_argument");
    assertRefused(form("/issues/7/comments", "text=a&_method=DELETE"), 400, "unknown_argument");
    assertRefused(signed("POST", "/issues/7?_method=DELETE"), 404, "unknown_tool");
  }

  /** Whoever calls can write these fields. */
  @Test
  void filter_ofForwardedFields_movesNothing() throws Exception {
    assertThat(
            signed("GET", SEARCH, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https")
                .status())
        .isEqualTo(200);
    service.reached.clear();
    for (String prefix : List.of("/free", "/x", "/projects/ACME")) {
      Answer answer = signed("DELETE", "/issues/7", "X-Forwarded-Prefix: " + prefix);
      assertThat(answer.status()).as(prefix).isIn(403, 503);
      assertThat(service.reached).isEmpty();
    }
    assertThat(send("DELETE", "/issues/7", List.of("X-Forwarded-Prefix: /free"), NOTHING).status())
        .isIn(401, 503);
    assertThat(service.reached).isEmpty();
  }

  @Test
  void chain_thatPermitsAll_opensNothing() throws Exception {
    assertRefused(send("DELETE", "/issues/7", List.of(), NOTHING), 401, "token_required");
    assertRefused(signed("DELETE", "/issues/7"), 403, "out_of_scope");
    assertThat(signed("POST", "/issues/7/comments").status()).isEqualTo(200);
  }

  @Test
  void chain_thatIgnores_opensNothing() throws Exception {
    assertRefused(send("PUT", "/uploads", List.of(), NOTHING), 401, "token_required");
    assertThat(signed("PUT", "/uploads").status()).isEqualTo(200);
  }

  @Test
  void chain_thatAsksForAnotherTool_denies() throws Exception {
    Answer answer = form("/forms", "name=a");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(service.reached).isEmpty();
  }

  @Test
  void person_whoLoggedIn_isNoAgent() throws Exception {
    String basic = "Authorization: Basic YWxpY2U6d29uZGVy";
    assertRefused(send("GET", SEARCH, List.of(basic), NOTHING), 401, "token_required");
    Answer open = send("GET", "/nothing-there", List.of(basic), NOTHING);
    assertThat(open.status()).isEqualTo(404);
    assertThat(send("GET", "/nothing-there", List.of(), NOTHING).status()).isEqualTo(401);
  }

  @Test
  void path_thatIsOpen_hasOneSpelling() throws Exception {
    for (String target :
        List.of("/free/", "/free;a=b", "/%66ree", "//free", "/x/../free", "/free?a", "/./free")) {
      Answer answer = send("GET", target, List.of(), NOTHING);
      boolean query = target.equals("/free?a");
      assertThat(answer.status()).as(target).isIn(query ? List.of(503) : List.of(400, 401));
    }
    assertThat(Troubles.SEEN).containsExactly("free");
  }

  @Test
  void method_withoutADecision_isNotEntered() throws Exception {
    assertRefused(send("GET", "/free", List.of(), NOTHING), 503, "unavailable");
    assertRefused(
        signed("GET", "/projects/FORWARD/issues"), 503, "unavailable"); // another tool's method
    assertRefused(
        signed("GET", "/projects/THREAD/issues"), 503, "unavailable"); // in another thread
    assertThat(Troubles.SEEN).containsExactly("free");
    assertThat(signed("GET", "/projects/INNER/issues").body()).isEqualTo("inner");
  }

  @Test
  void dispatch_asynchronous_isJudgedOnce() throws Exception {
    Answer answer = signed("GET", "/projects/ASYNC/issues");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("innerjira.search");
    assertThat(answer.has("Cache-Control", "no-store")).isTrue();
    assertThat(Troubles.SEEN).containsExactly("async");
    assertRefused(send("GET", "/projects/ASYNC/issues", List.of(), NOTHING), 401, "token_required");
  }

  @Test
  void dispatch_ofErrors_tellsNothingAndKeepsTheStatus() throws Exception {
    for (String accept : List.of("*/*", "text/html", "application/json")) {
      Answer failed = signed("GET", "/projects/FAIL/issues", "Accept: " + accept);
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.body()).doesNotContain("hunter2", "IllegalState", "dev.taper");
      assertThat(failed.has("Cache-Control", "no-store")).isTrue();
      Answer teapot = signed("GET", "/projects/TEAPOT/issues", "Accept: " + accept);
      assertThat(teapot.status()).isEqualTo(418);
      assertThat(teapot.body()).doesNotContain("hunter2");
      assertThat(teapot.has("Cache-Control", "no-store")).isTrue();
      assertRefused(
          send("GET", SEARCH, List.of("Accept: " + accept), NOTHING), 401, "token_required");
    }
    assertRefused(send("GET", "/error", List.of(), NOTHING), 401, "token_required");
    assertRefused(signed("GET", "/error"), 404, "unknown_tool");
  }

  @Test
  void authentication_ofACall_namesTheAgentAndKeepsNoToken() throws Exception {
    Answer answer = signed("GET", "/projects/WHO/issues", "Cookie: JSESSIONID=abc");
    assertThat(answer.body()).isEqualTo("agent:planner");
    assertThat(answer.head()).doesNotContainIgnoringCase("set-cookie");
    assertThat(Troubles.SEEN)
        .containsExactly(
            "TaperAuthentication(agent:planner, jira.search)",
            "null []",
            "null []",
            "null []",
            "JSESSIONID=abc [JSESSIONID=abc]",
            "only a decision makes a call allowed",
            "null",
            "false");
  }
}
