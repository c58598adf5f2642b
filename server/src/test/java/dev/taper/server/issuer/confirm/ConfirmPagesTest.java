package dev.taper.server.issuer.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.delegation.Task;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.issuer.PendingExchange;
import dev.taper.server.issuer.enrol.Enrolling;
import dev.taper.server.issuer.enrol.EnrolmentBook;
import dev.taper.server.issuer.enrol.EnrolmentEndpoint;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.Browser;
import dev.taper.server.signin.SignInWorld;
import dev.taper.server.signin.StrictPage;
import dev.taper.testing.TearDown;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people see and decide, and what hostile pages, agents and other people cannot do. */
class ConfirmPagesTest {
  private static final Map<String, Object> OPERATOR =
      Map.of("access", Map.of("groups", List.of("taper-operators")));
  private static final String ISSUER = "https://issuer.example.com";

  @TempDir static Path folder;
  private static SignInWorld world;
  private static final Waiting WAITING = new Waiting();
  private static final AtomicReference<EnrolmentBook> BOOK = new AtomicReference<>();

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);

  @BeforeAll
  static void start() {
    world =
        new SignInWorld(
            (signIn, of) -> {
              EnrolmentBook book = EnrolmentBook.open(folder.resolve("enrolments.json"), of.clock);
              BOOK.set(book);
              Enrolling enrolling = new Enrolling(ISSUER, book, List.of(), of.clock);
              return List.of(
                  new EnrolmentEndpoint(enrolling),
                  new ConfirmPages(signIn, WAITING, enrolling.codes(), of.clock));
            });
  }

  @AfterAll
  static void stop() throws Exception {
    TearDown.close(world);
  }

  @BeforeEach
  void clear() {
    world.clock.reset();
    WAITING.all.clear();
    WAITING.decided.clear();
  }

  private PendingExchange exchange(String id, String subject, @Nullable String purpose) {
    return exchange(id, subject, purpose, null);
  }

  private PendingExchange exchange(
      String id, String subject, @Nullable String purpose, @Nullable Duration renewed) {
    return new PendingExchange(
        id,
        new Subject(world.issuer(), subject),
        "user:" + subject + "@acme.com",
        new EnrolledAgent("agent:planner", key.publicKey(), Set.of()),
        new Task("T-4711", purpose),
        List.of("jira.* read on jira:project/ACME/*"),
        List.of("only for svc:jira"),
        List.of("at most 100 calls in 24h"),
        Duration.ofHours(1),
        world.clock.instant().plusSeconds(3600),
        renewed,
        world.clock.instant().plusSeconds(600));
  }

  private static Map<String, String> answer(HttpResponse<String> page, String word) {
    Map<String, String> form = new LinkedHashMap<>(Browser.fields(page));
    form.put("answer", word);
    return form;
  }

  private static HttpResponse<String> shown(Browser browser, String id) {
    return browser.open("/confirm/exchange?id=" + id);
  }

  @Test
  void show_ownExchange_saysExactlyWhatIsAsked() {
    WAITING.all.add(exchange("e1", "alice-1", "clean up"));
    Browser alice = world.signedIn("alice-1", Map.of("name", "Alice"));
    assertThat(alice.open("/confirm").body())
        .contains("/confirm/exchange?id=e1", "agent:planner", "T-4711")
        .doesNotContain("name=\"code\"");
    assertThat(shown(alice, "e1").body())
        .contains(
            "agent:planner",
            key.publicKey().toString(),
            "user:alice-1@acme.com",
            "clean up",
            "jira.* read on jira:project/ACME/*",
            "only for svc:jira",
            "at most 100 calls in 24h",
            WAITING.all.get(0).end().toString().substring(0, 19).replace("T", " ") + " UTC");
    assertThat(WAITING.decided).isEmpty();
  }

  /** A yes to a renewed token is a yes to all its renewals, so they stand before what it may do. */
  @Test
  void show_renewedToken_saysTheWholeTimeFirst() {
    WAITING.all.add(exchange("e1", "alice-1", "clean up", Duration.ofDays(30)));
    WAITING.all.add(exchange("e2", "alice-1", "clean up"));
    Browser alice = world.signedIn("alice-1", Map.of("name", "Alice"));
    PendingExchange first = WAITING.all.get(0);

    String renewed = shown(alice, "e1").body();
    String once = shown(alice, "e2").body();

    assertThat(renewed)
        .contains(
            "<dt>For how long</dt><dd><bdi>until "
                + StrictPage.time(first.end())
                + " (1 hour), renewed without asking you until "
                + StrictPage.time(first.end().plus(Duration.ofDays(30)).minusSeconds(3600))
                + " at the latest (30 days)</bdi>")
        .doesNotContain("seconds");
    assertThat(renewed.indexOf("For how long")).isLessThan(renewed.indexOf("It could do each"));
    assertThat(once)
        .contains(
            StrictPage.time(WAITING.all.get(1).end())
                + " (1 hour) at the latest; it is not renewed");
  }

  /** What a yes is to includes the renewals. */
  @Test
  void decide_renewedForLongerThanShown_doesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    HttpResponse<String> seen = shown(alice, "e1");
    WAITING.all.set(0, exchange("e1", "alice-1", null, Duration.ofDays(30)));

    assertThat(alice.post("/confirm/exchange", answer(seen, "yes")).statusCode()).isEqualTo(409);
    assertThat(WAITING.decided).isEmpty();
  }

  @Test
  void decide_yesOrNo_isTakenOnce() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    WAITING.all.add(exchange("e2", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    HttpResponse<String> first = shown(alice, "e1");
    assertThat(first.body()).contains("asks 1 more time");
    assertThat(alice.post("/confirm/exchange", answer(first, "yes")).statusCode()).isEqualTo(200);
    HttpResponse<String> second = shown(alice, "e2");
    assertThat(alice.post("/confirm/exchange", answer(second, "no")).statusCode()).isEqualTo(200);
    assertThat(WAITING.decided).containsExactly("yes e1", "no e2");
  }

  @Test
  void decide_inTwoTabs_theSecondDoesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    HttpResponse<String> one = shown(alice, "e1");
    HttpResponse<String> other = shown(alice, "e1");
    assertThat(alice.post("/confirm/exchange", answer(one, "no")).statusCode()).isEqualTo(200);
    HttpResponse<String> late = alice.post("/confirm/exchange", answer(other, "yes"));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("Nothing was done");
    assertThat(WAITING.decided).containsExactly("no e1");
  }

  /** Each part of an exchange that a yes is to, as something else. */
  static Stream<RecordComponent> parts() {
    Set<String> namesIt = Set.of("id", "subject", "until"); // and until when it can be answered
    return Stream.of(PendingExchange.class.getRecordComponents())
        .filter(part -> !namesIt.contains(part.getName()));
  }

  private List<Object> others(@Nullable Object value) {
    if (value == null) {
      return List.of(Duration.ofDays(30)); // it was not renewed
    } else if (value instanceof Duration time) {
      return List.of(time.plusHours(1));
    } else if (value instanceof String text) {
      return List.of(text + "2");
    } else if (value instanceof Instant time) {
      return List.of(time.plusSeconds(1));
    } else if (value instanceof Task task) {
      return List.of(new Task("T-1", task.purpose()), new Task(task.id(), null));
    } else if (value instanceof EnrolledAgent agent) {
      PublicKey other = PrivateKey.generate(Algorithm.ED25519).publicKey();
      return List.of(
          new EnrolledAgent("agent:other", agent.key(), Set.of()),
          new EnrolledAgent(agent.name(), other, Set.of()));
    }
    List<Object> more = new ArrayList<>((List<?>) value);
    more.add("and another");
    return List.of(more, List.of());
  }

  @ParameterizedTest
  @MethodSource("parts")
  void decide_oneOtherPartThanShown_doesNothing(RecordComponent part) throws Exception {
    PendingExchange shown = exchange("e1", "alice-1", "clean up");
    Browser alice = world.signedIn("alice-1", Map.of());
    RecordComponent[] all = PendingExchange.class.getRecordComponents();
    for (Object other : others(part.getAccessor().invoke(shown))) {
      WAITING.all.clear();
      WAITING.all.add(shown);
      HttpResponse<String> page = shown(alice, "e1");
      List<Object> values = new ArrayList<>();
      for (RecordComponent one : all) {
        values.add(one.getName().equals(part.getName()) ? other : one.getAccessor().invoke(shown));
      }
      WAITING.all.set(
          0,
          (PendingExchange)
              PendingExchange.class.getConstructors()[0].newInstance(values.toArray()));
      assertThat(alice.post("/confirm/exchange", answer(page, "yes")).statusCode()).isEqualTo(409);
      assertThat(WAITING.decided).isEmpty();
    }
  }

  @Test
  void decide_somethingElseThanShown_doesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", "clean up"));
    Browser alice = world.signedIn("alice-1", Map.of());
    HttpResponse<String> page = shown(alice, "e1");
    WAITING.all.set(0, exchange("e1", "alice-1", "something else"));
    assertThat(alice.post("/confirm/exchange", answer(page, "yes")).statusCode()).isEqualTo(409);
    assertThat(WAITING.decided).isEmpty();
  }

  @Test
  void decide_anotherPersons_doesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    Browser bob = world.signedIn("bob-1", OPERATOR);
    assertThat(bob.open("/confirm").body()).doesNotContain("e1");
    assertThat(shown(bob, "e1").statusCode()).isEqualTo(409);
    Map<String, String> form = answer(shown(alice, "e1"), "yes");
    form.put("token", Browser.fields(bob.open("/confirm")).get("token"));
    assertThat(bob.post("/confirm/exchange", form).statusCode()).isEqualTo(409);
    assertThat(WAITING.decided).isEmpty();
  }

  @Test
  void decide_fromAnotherSite_doesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    Map<String, String> form = answer(shown(alice, "e1"), "yes");
    assertThat(
            alice
                .post("/confirm/exchange", form, "https://evil.example", "cross-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(alice.post("/confirm/exchange", form, "null", "same-site").statusCode())
        .isEqualTo(403);
    form.remove("token");
    assertThat(alice.post("/confirm/exchange", form).statusCode()).isEqualTo(403);
    assertThat(alice.open("/confirm/exchange?id=e1&answer=yes").statusCode()).isEqualTo(200);
    assertThat(WAITING.decided).isEmpty();
  }

  @Test
  void decide_fromAStaleTab_doesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    Map<String, String> old = answer(shown(alice, "e1"), "yes");
    world.next("alice-1", Map.of());
    assertThat(alice.signIn("/confirm").statusCode()).isEqualTo(200);
    assertThat(alice.post("/confirm/exchange", old).statusCode()).isEqualTo(403);
    assertThat(WAITING.decided).isEmpty();
  }

  @Test
  void decide_aQuarterOfAnHourAfterSigningIn_asksToSignInAgain() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    Map<String, String> form = answer(shown(alice, "e1"), "yes");
    world.clock.pass(Duration.ofMinutes(8));
    assertThat(shown(alice, "e1").statusCode()).isEqualTo(200);
    world.clock.pass(Duration.ofMinutes(8));
    HttpResponse<String> late = alice.post("/confirm/exchange", form);
    assertThat(late.statusCode()).isEqualTo(303);
    assertThat(late.headers().firstValue("Location")).contains("/signin?to=/");
    assertThat(WAITING.decided).isEmpty();
  }

  @Test
  void decide_byAThief_doesNothing() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    Map<String, String> form = answer(shown(alice, "e1"), "yes");
    Browser thief = new Browser(world.origin).stealing(alice).as("Thief/1");
    assertThat(thief.post("/confirm/exchange", form).statusCode()).isEqualTo(303);
    assertThat(WAITING.decided).isEmpty();
    assertThat(alice.post("/confirm/exchange", form).statusCode()).isEqualTo(303);
  }

  @Test
  void show_withoutASession_leadsToSignInAndBack() {
    HttpResponse<String> answer = new Browser(world.origin).open("/confirm/exchange?id=e1");
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location"))
        .contains("/signin?to=/confirm/exchange%3Fid%3De1");
    assertThat(
            new Browser(world.origin.replace("127.0.0.1", "localhost"))
                .open("/confirm")
                .statusCode())
        .isEqualTo(421);
  }

  @Test
  void show_hostileText_isShownForWhatItIs() {
    String hostile =
        "<script>alert(1)</script>\u202eevil" + " ".repeat(30_000) + "\"><img src=x onerror=y>";
    WAITING.all.add(exchange("e1", "alice-1", hostile));
    Browser alice = world.signedIn("alice-1", Map.of("name", "<b>Alice\u202e</b>"));
    String page = shown(alice, "e1").body();
    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}evil", "characters, SHA-256")
        .doesNotContain("<script", "<img", "\u202e");
    assertThat(page.length()).isLessThan(8000);
    assertThat(alice.open("/confirm").body())
        .contains("&lt;b&gt;Alice\\u{202e}&lt;/b&gt;")
        .doesNotContain("<b>", "\u202e");
  }

  @Test
  void pages_always_areNotFramedAndHaveNoScript() {
    WAITING.all.add(exchange("e1", "alice-1", null));
    Browser alice = world.signedIn("alice-1", Map.of());
    HttpResponse<String> page = shown(alice, "e1");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
        .doesNotContain("script", "unsafe");
    assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(page.body()).doesNotContain("<script", "style=").doesNotContainPattern("\\son\\w+=");
  }

  private String code(Browser agent, String name) {
    String details = "[{\"type\":\"taper_enrolment\",\"name\":\"" + name + "\"}]";
    String proof =
        ExchangeProof.make(
                key, new ExchangeProof.Subject(ISSUER, Enrolling.BY_CODE, details), world.clock)
            .encodeBase64();
    HttpResponse<String> begun =
        agent.post(
            "/enrol",
            Map.of("authorization_details", details, "actor_token", proof),
            "null",
            "none");
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
    assertThat(begun.body()).contains("\"verification_uri\":\"" + ISSUER + "/confirm\"");
    return begun.body();
  }

  private static String member(String json, String name) {
    return json.replaceAll(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void code_operatorConfirms_enrolsTheKey() {
    Browser agent = new Browser(world.origin);
    String begun = code(agent, "agent:scraper");
    Browser alice = world.signedIn("alice-1", OPERATOR);
    Map<String, String> typed = answer(alice.open("/confirm"), "see");
    typed.put("code", member(begun, "user_code"));
    HttpResponse<String> page = alice.post("/confirm/code", typed);
    assertThat(page.body()).contains("agent:scraper", key.publicKey().toString());
    assertThat(BOOK.get().byKey(key.publicKey())).isNull();
    Map<String, String> status = Map.of("device_code", member(begun, "device_code"));
    assertThat(agent.post("/enrol/status", status).body()).contains("authorization_pending");
    assertThat(alice.post("/confirm/code", answer(page, "yes")).statusCode()).isEqualTo(200);
    assertThat(BOOK.get().byKey(key.publicKey())).isNotNull();
    assertThat(agent.post("/enrol/status", status).body())
        .contains("\"name\":\"agent:scraper\"", key.publicKey().toString());
  }

  @Test
  void code_anybodyElse_enrolsNothing() {
    String begun = code(new Browser(world.origin), "agent:other");
    Browser bob = world.signedIn("bob-1", Map.of());
    Map<String, String> typed = answer(bob.open("/confirm"), "yes");
    typed.put("code", member(begun, "user_code"));
    HttpResponse<String> answer = bob.post("/confirm/code", typed);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("agent:other");
    Browser alice = world.signedIn("alice-1", OPERATOR);
    typed = answer(alice.open("/confirm"), "yes");
    typed.put("code", member(begun, "user_code"));
    assertThat(alice.post("/confirm/code", typed).body()).contains("not what was shown");
    assertThat(BOOK.get().byKey(key.publicKey())).isNull();
  }

  @Test
  void enrol_malformed_isRefusedInOauthsForm() {
    Browser agent = new Browser(world.origin);
    assertThat(agent.post("/enrol", Map.of("actor_token", "x")).body())
        .contains("\"error\":\"invalid_request\"", "\"code\":\"invalid_request\"");
    assertThat(
            agent.post("/enrol", Map.of("authorization_details", "[]", "actor_token", "x")).body())
        .contains("\"error\":\"invalid_authorization_details\"");
    assertThat(agent.open("/enrol").statusCode()).isEqualTo(405);
    assertThat(agent.post("/enrol/status", Map.of("device_code", "x")).body())
        .contains("\"error\":\"expired_token\"");
  }
}
