package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in by a browser, at a provider that is not ours. */
class SignInTest {
  private static final SignInWorld WORLD = SignInWorld.alone();
  private Browser browser;

  @BeforeEach
  void freshBrowser() {
    WORLD.clock.reset();
    browser = new Browser(WORLD.origin);
  }

  @AfterAll
  static void close() {
    WORLD.close();
  }

  @Test
  void signIn_person_opensASessionAndGoesOn() {
    WORLD.next(
        "alice-1",
        Map.of("name", "Alice", "access", Map.of("groups", List.of("x", "taper-operators"))));
    HttpResponse<String> back = browser.signIn("/confirm?code=ABCD");
    assertThat(back.statusCode()).isEqualTo(200);
    assertThat(back.body()).contains("content=\"0;url=/confirm?code=ABCD\"");
    assertThat(back.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("__Host-taper=")
        .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict")
        .doesNotContain("Domain");
    assertThat(browser.fetch("/signin/session").body())
        .contains("\"issuer\":\"" + WORLD.issuer() + "\"", "\"subject\":\"alice-1\"")
        .contains("\"name\":\"Alice\"", "\"roles\":[\"operator\"]", "\"token\":\"");
  }

  @Test
  void signIn_personWithoutMappedClaims_hasNoRole() {
    browser = WORLD.signedIn("bob-1", Map.of("access", Map.of("groups", "taper-operators-not")));
    assertThat(browser.fetch("/signin/session").body()).contains("\"roles\":[]");
  }

  @Test
  void begin_always_asksForACodeWithProofAndComesBackExactlyHere() {
    String there = browser.open("/signin").headers().firstValue("Location").orElseThrow();
    Map<String, String> query =
        Objects.requireNonNull(
            FormFields.ofQuery(AskedRequest.get("/?" + URI.create(there).getRawQuery())));
    assertThat(query)
        .containsEntry("response_type", "code")
        .containsEntry("redirect_uri", WORLD.origin + "/signin/callback")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("scope", "openid profile")
        .containsKeys("state", "nonce", "code_challenge");
    assertThat(browser.cookies().toString()).doesNotContain(query.get("state"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/a\"><script>",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/a//b/../..//evil.example#x",
      })
  void begin_pathElsewhere_goesToTheFirstPage(String to) {
    WORLD.next("alice-1", Map.of());
    assertThat(browser.signIn(to).body()).contains("content=\"0;url=/\"");
  }

  @Test
  void finish_inAnotherBrowser_isRefused() {
    String callback = new Browser(WORLD.origin).callback("/");
    HttpResponse<String> answer = browser.open(callback);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(browser.cookies()).isEmpty();
  }

  @Test
  void finish_twice_isRefused() {
    WORLD.next("alice-1", Map.of());
    String callback = browser.callback("/");
    assertThat(browser.open(callback).statusCode()).isEqualTo(200);
    assertThat(browser.open(callback).statusCode()).isEqualTo(400);
  }

  @Test
  void finish_tenMinutesLater_isRefused() {
    String callback = browser.callback("/");
    WORLD.clock.pass(Duration.ofMinutes(10));
    assertThat(browser.open(callback).statusCode()).isEqualTo(400);
  }

  @Test
  void finish_withTheCodeOfAnotherAttempt_isRefused() {
    String stolen = new Browser(WORLD.origin).callback("/");
    String own = browser.callback("/");
    String mixed = own.replaceAll("code=[^&]*", code(stolen));
    assertThat(browser.open(mixed).statusCode()).isEqualTo(403);
    assertThat(browser.cookies()).doesNotContainKey("__Host-taper");
  }

  private static String code(String callback) {
    return callback.replaceAll(".*[?&](code=[^&]*).*", "$1");
  }

  @Test
  void finish_withTheIdTokenOfAnotherAttempt_isRefused() {
    WORLD.next("alice-1", Map.of("nonce", "of-another"));
    assertThat(browser.signIn("/").statusCode()).isEqualTo(403);
  }

  @Test
  void finish_answerOfAnotherProvider_isRefused() {
    String callback = browser.callback("/") + "&iss=https%3A%2F%2Fevil.example";
    assertThat(browser.open(callback).statusCode()).isEqualTo(403);
  }

  @Test
  void finish_providerSaysNo_saysSoWithoutItsWords() {
    String state = browser.callback("/").replaceAll(".*[?&](state=[^&]*).*", "$1");
    HttpResponse<String> answer =
        browser.open("/signin/callback?" + state + "&error=%3Cb%3E&error_description=%3Cb%3E");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("<b>");
  }

  @Test
  void begin_fiveTimes_keepsFourCookies() {
    for (int i = 0; i < 5; i++) {
      browser.open("/signin");
      WORLD.clock.pass(Duration.ofSeconds(1));
    }
    assertThat(browser.cookies()).hasSize(4);
    WORLD.next("alice-1", Map.of());
    assertThat(browser.signIn("/").statusCode()).isEqualTo(200);
  }

  @Test
  void out_withTheToken_endsTheSessionForThievesToo() {
    browser = WORLD.signedIn("alice-1", Map.of());
    Browser thief = new Browser(WORLD.origin).stealing(browser);
    assertThat(thief.fetch("/signin/session").statusCode()).isEqualTo(200);
    assertThat(browser.post("/signin/out", Map.of("token", token(browser))).statusCode())
        .isEqualTo(200);
    assertThat(browser.cookies()).doesNotContainKey("__Host-taper");
    assertThat(thief.fetch("/signin/session").statusCode()).isEqualTo(403);
  }

  @Test
  void out_fromAnotherSite_isRefused() {
    browser = WORLD.signedIn("alice-1", Map.of());
    Map<String, String> form = Map.of("token", token(browser));
    assertThat(browser.post("/signin/out", form, "https://evil.example", "cross-site").body())
        .contains("other_origin");
    assertThat(browser.post("/signin/out", form, "null", "cross-site").body())
        .contains("other_origin");
    assertThat(browser.post("/signin/out", form, "https://evil.example", "same-origin").body())
        .contains("other_origin");
    assertThat(browser.post("/signin/out", Map.of()).body()).contains("stale_page");
    assertThat(browser.post("/signin/out", Map.of("token", "a".repeat(43))).body())
        .contains("stale_page");
    assertThat(browser.fetch("/signin/session").statusCode()).isEqualTo(200);
  }

  private static String token(Browser browser) {
    return browser.fetch("/signin/session").body().replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void session_inAnotherBrowser_endsForBoth() {
    browser = WORLD.signedIn("alice-1", Map.of());
    Browser thief = new Browser(WORLD.origin).stealing(browser).as("Thief/1");
    assertThat(thief.fetch("/signin/session").statusCode()).isEqualTo(403);
    assertThat(browser.fetch("/signin/session").statusCode()).isEqualTo(403);
  }

  @Test
  void session_askedByAnotherSite_isNotTold() {
    browser = WORLD.signedIn("alice-1", Map.of());
    assertThat(browser.open("/signin/session").body()).doesNotContain("token");
    Browser other = new Browser(WORLD.origin).stealing(browser);
    assertThat(other.post("/signin/session", Map.of(), "null", "cross-site").statusCode())
        .isEqualTo(404);
  }

  @Test
  void session_notUsedForTenMinutes_ends() {
    browser = WORLD.signedIn("alice-1", Map.of());
    WORLD.clock.pass(Duration.ofMinutes(9));
    assertThat(browser.fetch("/signin/session").statusCode()).isEqualTo(200);
    WORLD.clock.pass(Duration.ofMinutes(10));
    assertThat(browser.fetch("/signin/session").statusCode()).isEqualTo(403);
  }

  @Test
  void session_usedAllTheTime_endsAfterAnHour() {
    browser = WORLD.signedIn("alice-1", Map.of());
    for (int i = 0; i < 7; i++) {
      WORLD.clock.pass(Duration.ofMinutes(8));
      assertThat(browser.fetch("/signin/session").statusCode()).isEqualTo(200);
    }
    WORLD.clock.pass(Duration.ofMinutes(8));
    assertThat(browser.fetch("/signin/session").statusCode()).isEqualTo(403);
  }

  @Test
  void signIn_again_endsTheSessionBefore() {
    browser = WORLD.signedIn("alice-1", Map.of());
    Browser thief = new Browser(WORLD.origin).stealing(browser);
    WORLD.next("alice-1", Map.of());
    browser.signIn("/");
    assertThat(thief.fetch("/signin/session").statusCode()).isEqualTo(403);
  }

  @Test
  void anyPath_byAnotherName_isRefused() {
    Browser rebound = new Browser(WORLD.origin.replace("127.0.0.1", "localhost"));
    assertThat(rebound.open("/signin").statusCode()).isEqualTo(421);
  }

  @Test
  void pages_always_loadNothingFromElsewhereAndAreNotFramed() {
    HttpResponse<String> page = browser.open("/signin/callback");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; ")
        .contains("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
        .doesNotContain("script", "unsafe");
    assertThat(page.headers().map())
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .containsEntry("x-frame-options", List.of("DENY"))
        .containsEntry("cross-origin-opener-policy", List.of("same-origin"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("cache-control", List.of("no-store"));
    assertThat(page.body()).doesNotContain("<script", "style=");
    for (String style : List.of("/signin/look.css", "/signin/page.css")) {
      assertThat(page.body()).contains("href=\"" + style + "\"");
      assertThat(browser.fetch(style).headers().map())
          .containsEntry("content-type", List.of("text/css; charset=utf-8"));
    }
  }

  @Test
  void begin_providerAway_isUnavailable() {
    Origins origins = new Origins().add("http://127.0.0.1:1");
    SignIn away =
        new SignIn(
            IdentityTokens.of(Provider.of("http://127.0.0.1:1/none"), WORLD.clock),
            new SignInClient("taper", null, Set.of(), RoleMapping.NONE),
            new Sessions(origins, Duration.ofHours(1), Duration.ofHours(1), WORLD.clock),
            "/",
            WORLD.clock);
    HttpAnswer answer =
        Objects.requireNonNull(away.answer(AskedRequest.get("/signin", "Host", "127.0.0.1:1")));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(new String(answer.content(), StandardCharsets.UTF_8)).contains("Begin again");
  }
}
