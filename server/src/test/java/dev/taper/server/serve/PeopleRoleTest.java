package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.operations.OperationException;
import dev.taper.revocation.SignedLists;
import dev.taper.server.serve.PeopleWorld.Person;
import dev.taper.server.signin.Browser;
import dev.taper.testing.TearDown;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people may do who sign in to the console of another machine, and what others may not. */
class PeopleRoleTest {
  private static final String CERTIFY =
      "{\"decision\":\"certified\",\"items\":[1],\"reason\":\"needed\"}";
  private static final String REVOKE = "{\"kind\":\"task\",\"id\":\"T-4711\",\"reason\":\"left\"}";

  @TempDir Path folder;
  private PeopleWorld world;

  @BeforeEach
  void start() throws Exception {
    world = PeopleWorld.whole(folder).start();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(world);
  }

  private static String code(HttpResponse<String> answer) throws Exception {
    return PeopleWorld.code(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "see,      asks living reviews timeline health,",
    "answer,   asks,                                answers",
    "review,   living reviews,                      reviews reviews/1/decisions",
    "operate,  living health,                       revocations revocations/draft",
  })
  void role_alone_seesAndDoesWhatTheTableSays(String group, String seen, String done)
      throws Exception {
    Person person = world.signedIn("erin-1", group);
    assertThat(person.get("pulse").statusCode()).isEqualTo(200);
    assertThat(person.json("trust").path("root_keys")).hasSize(1);
    for (String page : List.of("asks", "living", "reviews", "timeline", "health")) {
      HttpResponse<String> answer = person.get(page);
      boolean isSeen = List.of(seen.split(" ")).contains(page);
      assertThat(answer.statusCode()).as(page).isEqualTo(isSeen ? 200 : 403);
      assertThat(code(answer)).as(page).isEqualTo(isSeen ? "" : "other_role");
    }
    for (String what :
        List.of("answers", "reviews", "reviews/1/decisions", "revocations", "revocations/draft")) {
      boolean isDone = done != null && List.of(done.split(" ")).contains(what);
      HttpResponse<String> answer = person.post(what, "{}");
      assertThat(code(answer)).as(what).isEqualTo(isDone ? "invalid_request" : "other_role");
    }
    for (String hidden : List.of("drafts", "keeper-approvals", "session", "asks")) {
      assertThat(code(person.post(hidden, "{}"))).as(hidden).isEqualTo("unknown_path");
    }
  }

  @Test
  void session_ofAPerson_saysWhatThePagesMayShowAndDo() throws Exception {
    JsonNode session = world.signedIn("erin-1", "answer", "review", "other").session();
    assertThat(session.path("person").asText()).isEqualTo(PeopleWorld.ERIN);
    assertThat(session.path("roles"))
        .extracting(JsonNode::asText)
        .containsExactly("approver", "reviewer");
    assertThat(session.path("pages"))
        .extracting(JsonNode::asText)
        .containsExactly("approvals", "living", "reviews");
    assertThat(session.path("can"))
        .extracting(JsonNode::asText)
        .containsExactly("refuse", "review");
  }

  @Test
  void refusal_byAnApprover_isRecordedAsThePersons() throws Exception {
    String ask = world.ask(7);
    Person approver = world.signedIn("erin-1", "answer", "see");
    String request = approver.json("asks/" + ask).path("request").asText();
    String approval = world.approval(request);
    HttpResponse<String> approved =
        approver.post(
            "answers",
            "{\"answers\":[{\"ask\":\"%s\",\"approval\":\"%s\"}]}".formatted(ask, approval));
    assertThat(approved.body()).contains("signed_elsewhere", "403");
    assertThat(approver.json("asks/" + ask).path("state").asText()).isEqualTo("open");

    String odd = "{\"answers\":[{\"ask\":\"%s\",\"refusal\":\"a\\u202eb\"}]}".formatted(ask);
    assertThat(approver.post("answers", odd).body()).contains("invalid_request");

    String refusal = "{\"answers\":[{\"ask\":\"%s\",\"refusal\":\"not now\"}]}".formatted(ask);
    assertThat(approver.post("answers", refusal).body()).contains("\"state\":\"refused\"");
    String again = approver.post("answers", refusal).body();
    assertThat(again).as("once is enough").contains("\"state\":\"refused\"");
    List<String> records = approver.records(1);
    assertThat(records).hasSize(1);
    assertThat(records.get(0))
        .startsWith("refuse, by " + PeopleWorld.ERIN)
        .contains("jira.close", "not now");
  }

  @Test
  void review_byAReviewer_isRecordedAsThePersons() throws Exception {
    Person reviewer = world.signedIn("erin-1", "review", "see");
    assertThat(reviewer.post("reviews", "{\"title\":\"Q4\",\"due\":\"1d\"}").statusCode())
        .isEqualTo(200);
    assertThat(reviewer.post("reviews/1/decisions", CERTIFY).statusCode()).isEqualTo(200);
    JsonNode review = reviewer.json("reviews/1?state=all");
    assertThat(review.path("review").path("started_by").asText()).isEqualTo(PeopleWorld.ERIN);
    assertThat(review.path("items").path(0).path("by").asText()).isEqualTo(PeopleWorld.ERIN);
    assertThat(reviewer.records(1).get(0))
        .startsWith("review, by " + PeopleWorld.ERIN)
        .contains("certified");
  }

  @Test
  void revocation_byAnOperator_isInForceAndRecordedAsThePersons() throws Exception {
    Person operator = world.signedIn("erin-1", "operate", "see");
    assertThat(operator.post("revocations/draft", REVOKE).statusCode()).isEqualTo(200);
    HttpResponse<String> done = operator.post("revocations", REVOKE);
    assertThat(done.body()).contains("\"sequence\":1").doesNotContain("failure");
    byte[] list = Files.readAllBytes(folder.resolve("list.bin"));
    assertThat(SignedLists.read(list, List.of(world.listKey.publicKey())).entries()).hasSize(1);
    assertThat(operator.records(1).get(0))
        .startsWith("revoke, by " + PeopleWorld.ERIN)
        .contains("left");
  }

  @Test
  void person_withoutAName_looksAndDoesNothing() throws Exception {
    String ask = world.ask(7);
    Person nameless = world.signedIn("mallory-1", "answer", "review", "operate");
    assertThat(nameless.session().has("person")).as("an e-mail address is no name").isFalse();
    assertThat(nameless.session().path("can")).isEmpty();
    assertThat(nameless.get("asks").statusCode()).isEqualTo(200);
    String refusal = "{\"answers\":[{\"ask\":\"%s\",\"refusal\":\"no\"}]}".formatted(ask);
    for (Map.Entry<String, String> one :
        Map.of("answers", refusal, "revocations", REVOKE, "reviews", "{}").entrySet()) {
      assertThat(code(nameless.post(one.getKey(), one.getValue()))).isEqualTo("no_name");
    }
    assertThat(nameless.json("asks/" + ask).path("state").asText()).isEqualTo("open");
  }

  @Test
  void console_withoutKeysOfItsOwn_onlyShows() throws Exception {
    Path other = Files.createDirectory(folder.resolve("bare"));
    try (PeopleWorld bare = new PeopleWorld(other).start()) {
      Person person = bare.signedIn("erin-1", "see", "answer", "review", "operate");
      assertThat(person.session().path("can")).isEmpty();
      assertThat(person.session().path("relays").asBoolean()).isFalse();
      assertThat(person.session().path("pages"))
          .extracting(JsonNode::asText)
          .containsExactly("approvals", "health");
      for (String what : List.of("answers", "reviews", "revocations")) {
        assertThat(code(person.post(what, "{}"))).as(what).isEqualTo("not_offered");
      }
      assertThat(bare.served().send(bare.served().to("/v1/console/asks").build()).statusCode())
          .as("it relays to no other console")
          .isEqualTo(404);
    }
  }

  @Test
  void person_withoutARole_getsNothing() throws Exception {
    Person stranger = world.signedIn("erin-1", "somebody");
    assertThat(stranger.session().path("roles")).isEmpty();
    assertThat(stranger.session().path("pages")).isEmpty();
    for (String path : List.of("trust", "pulse", "asks", "health")) {
      assertThat(code(stranger.get(path))).isEqualTo("no_role");
    }
    assertThat(code(stranger.post("answers", "{}"))).isEqualTo("no_role");
  }

  @Test
  void roles_thatWereTaken_areGoneFromAllSessionsWithTheNextSignIn() throws Exception {
    Person before = world.signedIn("erin-1", "operate", "see");
    Person same = world.signedIn("erin-1", "see", "operate");
    assertThat(before.get("health").statusCode()).isEqualTo(200);
    Person after = world.signedIn("erin-1", "see");
    assertThat(code(before.post("revocations", REVOKE))).isEqualTo("no_session");
    assertThat(same.get("health").statusCode()).isEqualTo(401);
    assertThat(code(after.post("revocations", REVOKE))).isEqualTo("other_role");
  }

  @Test
  void question_withoutTheTokenOrFromElsewhere_isRefused() throws Exception {
    Person operator = world.signedIn("erin-1", "operate");
    Browser browser = operator.browser;
    String[] token = {"Taper-Session", operator.token};
    assertThat(code(browser.ask("POST", "/api/revocations", REVOKE))).isEqualTo("stale_page");
    assertThat(code(browser.ask("GET", "/api/health", null))).isEqualTo("stale_page");
    assertThat(code(browser.ask("POST", "/api/revocations", REVOKE, "Taper-Session", "x")))
        .isEqualTo("stale_page");
    for (String site : List.of("cross-site", "same-site", "none")) {
      assertThat(code(browser.askFrom(site, "POST", "/api/revocations", REVOKE, token)))
          .isEqualTo("other_origin");
      assertThat(code(browser.askFrom(site, "GET", "/api/session", null)))
          .isEqualTo("other_origin");
    }
    String evil = "http://evil.example";
    assertThat(
            code(
                browser.ask(
                    "POST", "/api/revocations", REVOKE, token[0], token[1], "Origin", evil)))
        .isEqualTo("other_origin");
    assertThat(
            browser
                .ask("GET", "/api/health", null, token[0], token[1], token[0], token[1])
                .statusCode())
        .as("the token twice")
        .isEqualTo(400);
    assertThat(Files.exists(folder.resolve("list.bin"))).isFalse();
  }

  @Test
  void staleTab_afterAnotherSignInOfTheBrowser_isRefused() throws Exception {
    Person person = world.signedIn("erin-1", "see");
    String before = person.token;
    person.signIn(world, "bob-1", "see");
    assertThat(person.token).isNotEqualTo(before);
    assertThat(code(person.browser.ask("GET", "/api/asks", null, "Taper-Session", before)))
        .isEqualTo("stale_page");
    assertThat(person.get("asks").statusCode()).isEqualTo(200);
  }

  @Test
  void cookie_stolen_isWorthNothingAloneAndEndsWhereTheBrowserIsAnother() throws Exception {
    Person victim = world.signedIn("erin-1", "see");
    Browser thief = new Browser(world.origin).stealing(victim.browser);
    assertThat(code(thief.ask("GET", "/api/asks", null))).isEqualTo("stale_page");
    Browser other = new Browser(world.origin).stealing(victim.browser).as("Thief/1");
    assertThat(code(other.ask("GET", "/api/session", null))).isEqualTo("no_session");
    assertThat(code(victim.get("asks"))).as("for both").isEqualTo("no_session");
  }

  @Test
  void session_atRest_endsThoughItsPageAsksForItsPulse() throws Exception {
    Person person = world.signedIn("erin-1", "see");
    for (int minutes = 0; minutes < 15; minutes += 5) {
      assertThat(person.get("pulse").statusCode()).isEqualTo(200);
      world.clock.pass(Duration.ofMinutes(5));
    }
    assertThat(person.get("asks").statusCode()).as("this uses it").isEqualTo(200);
    world.clock.pass(Duration.ofMinutes(19));
    assertThat(person.get("pulse").statusCode()).isEqualTo(200);
    world.clock.pass(Duration.ofMinutes(1));
    assertThat(code(person.get("pulse"))).isEqualTo("no_session");
  }

  @Test
  void session_inUse_endsAfterItsLife() throws Exception {
    Person person = world.signedIn("erin-1", "see");
    for (int minutes = 0; minutes < 120; minutes += 15) {
      assertThat(person.get("asks").statusCode()).isEqualTo(200);
      world.clock.pass(Duration.ofMinutes(15));
    }
    assertThat(code(person.get("asks"))).isEqualTo("no_session");
  }

  @Test
  void signOut_endsTheSessionForEveryTab() throws Exception {
    Person person = world.signedIn("erin-1", "see");
    String token = person.token;
    HttpResponse<String> out =
        person.browser.ask("DELETE", "/api/session", null, "Taper-Session", token);
    assertThat(out.statusCode()).isEqualTo(204);
    assertThat(out.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
    assertThat(code(person.get("asks"))).isEqualTo("no_session");
  }

  @Test
  void provider_away_nobodySignsIn() throws Exception {
    world.provider.shutdown();
    HttpResponse<String> answer = new Browser(world.origin).open("/signin?to=/");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(code(new Browser(world.origin).ask("GET", "/api/asks", null)))
        .isEqualTo("no_session");
  }

  @Test
  void pages_ofPeople_haveNoModuleThatMakesAKey() throws Exception {
    Browser browser = new Browser(world.origin);
    HttpResponse<String> index = browser.open("/");
    assertThat(index.statusCode()).isEqualTo(200);
    assertThat(index.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'");
    assertThat(index.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(browser.open("/console/main.mjs").body())
        .contains("/signin", "make and use no key")
        .doesNotContain("indexedDB");
    for (String module : List.of("keystore.mjs", "session.mjs", "people/session.mjs")) {
      assertThat(browser.open("/console/" + module).statusCode()).as(module).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console/main.mjs", "/api/session", "/signin"})
  void host_thatIsNotOurs_isAnsweredNothing(String path) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.served().port())) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(ServeWorld.bytes(request));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 421 ").contains("other_host");
    }
  }

  @Test
  void start_withoutWhatItNeeds_fails() throws Exception {
    Path config = folder.resolve("service.yaml");
    Path signIn = folder.resolve("sign-in.json");
    Path key = folder.resolve("audit.key");
    for (List<Object> more :
        List.<List<Object>>of(
            List.of(),
            List.of("--sign-in", signIn),
            List.of("--console-root-keys", folder.resolve("root.pub")),
            List.of(
                "--console-secret-file",
                folder.resolve("relay.secret"),
                "--console-audit-key",
                key),
            List.of(
                "--sign-in",
                signIn,
                "--console-root-keys",
                folder.resolve("root.pub"),
                "--console-audit-key",
                key),
            List.of(
                "--sign-in",
                signIn,
                "--console-root-keys",
                folder.resolve("root.pub"),
                "--console-names",
                key),
            List.of(
                "--sign-in",
                signIn,
                "--console-root-keys",
                folder.resolve("root.pub"),
                "--revocations",
                "x.bin",
                "--console-revocation-key",
                key),
            List.of("--sign-in", signIn, "--console-root-keys", folder.resolve("none.pub")),
            List.of(
                "--sign-in",
                signIn,
                "--enrolments",
                "x.json",
                "--console-root-keys",
                folder.resolve("root.pub")))) {
      List<Object> arguments = new ArrayList<>(List.of("--role", "console", "--config", config));
      arguments.addAll(more);
      assertThatThrownBy(() -> Served.start(arguments.toArray()).close())
          .as(more.toString())
          .isInstanceOf(OperationException.class);
    }
  }
}
