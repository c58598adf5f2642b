package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.server.console.Browser.Answer;
import dev.taper.testing.SettableClock;
import dev.taper.testing.TearDown;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another page, port, name or program can do to a console, and what it cannot. */
class ConsoleHostTest {
  @TempDir Path folder;
  private ConsoleWorld world;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    world = new ConsoleWorld(folder, ConsoleWorld.DATABASE);
    browser = Browser.signedIn(folder, arguments());
  }

  private Object[] arguments() {
    return new Object[] {"--config", world.config(), "--root-keys", "root.pub"};
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(browser, world);
  }

  private Map<String, String> changed(String name, @Nullable String value) {
    Map<String, String> fields = new HashMap<>(browser.own());
    if (value == null) {
      fields.remove(name);
    } else {
      fields.put(name, value);
    }
    return fields;
  }

  private Answer get(String path, Map<String, String> fields) throws Exception {
    return browser.send("GET", path, null, fields);
  }

  @Test
  void files_ofTheList_haveTheirTypesAndStrictFields() throws Exception {
    Map<String, String> types =
        Map.of(
            "/", "text/html;charset=utf-8",
            "/console/main.mjs", "text/javascript;charset=utf-8",
            "/console/console.css", "text/css;charset=utf-8");
    for (Map.Entry<String, String> file : types.entrySet()) {
      Answer answer = get(file.getKey(), Map.of("Host", browser.authority()));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.fields()).containsEntry("content-type", file.getValue());
      requireStrict(answer);
    }
  }

  private static void requireStrict(Answer answer) {
    assertThat(answer.fields())
        .containsEntry("x-frame-options", "DENY")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("referrer-policy", "no-referrer")
        .containsEntry("cross-origin-opener-policy", "same-origin")
        .containsEntry("cross-origin-resource-policy", "same-origin")
        .containsEntry("cache-control", "no-store")
        .doesNotContainKey("access-control-allow-origin")
        .doesNotContainKey("server");
    assertThat(answer.fields().get("content-security-policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
        .contains("frame-ancestors 'none'")
        .contains("base-uri 'none'")
        .contains("form-action 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void serviceWorker_thatAnotherProgramLeft_endsAllSessionsAndGoes() throws Exception {
    Map<String, String> elsewhere = new HashMap<>(browser.own());
    elsewhere.put("Service-Worker", "script");
    elsewhere.put("Sec-Fetch-Site", "cross-site");
    assertThat(get("/sw.js", elsewhere).code()).isEqualTo("other_origin");
    assertThat(get("/api/session", browser.own()).status()).isEqualTo(200);
    elsewhere.put("Sec-Fetch-Site", "same-origin");
    Answer gone = get("/sw.js", elsewhere);
    assertThat(gone.status()).isEqualTo(200);
    assertThat(gone.fields()).containsEntry("content-type", "text/javascript;charset=utf-8");
    assertThat(gone.body()).contains("unregister()");
    requireStrict(gone);
    assertThat(get("/api/session", browser.own()).code()).isEqualTo("no_session");
  }

  @Test
  void session_thatWasOpened_isToldWithItsToken() throws Exception {
    try (Browser anew = Browser.start(Clock.systemUTC(), folder, arguments())) {
      Answer told = anew.open(anew.link);
      var opened = (ObjectNode) told.json();
      var again = (ObjectNode) anew.json("/api/session");
      assertThat(opened.remove("token").textValue()).isNotEmpty();
      assertThat(opened.remove("now").isNumber()).isTrue();
      assertThat(again.remove("now").isNumber()).isTrue();
      assertThat(opened).isEqualTo(again);
    }
  }

  @Test
  void anythingElse_isNotThere() throws Exception {
    for (String path :
        List.of(
            "/console/../files.txt",
            "/console/files.txt",
            "/console/%2e%2e/index.html",
            "/console/main.mjs?x",
            "/index.html",
            "/console/",
            "/api",
            "/favicon.ico")) {
      Answer answer = get(path, browser.own());
      assertThat(answer.status()).as(path).isIn(400, 404);
    }
    for (String path : List.of("/api/", "/api/nothing", "/api/session/x", "/api/asks/x/y")) {
      Answer answer = get(path, browser.own());
      assertThat(answer.code()).as(path).isEqualTo("unknown_path");
      requireStrict(answer);
    }
    assertThat(browser.send("PUT", "/", null, browser.own()).status()).isEqualTo(404);
    assertThat(get("/api/living/../asks", browser.own()).status()).isIn(400, 404);
  }

  @Test
  void everyPath_withoutBothSecrets_tellsNothing() throws Exception {
    for (String path :
        List.of(
            "/api/session", "/api/asks", "/api/trust", "/api/health", "/api/pulse", "/api/none")) {
      for (String missing : List.of("Cookie", "Taper-Session")) {
        Answer answer = get(path, changed(missing, null));
        assertThat(answer.status()).as(path + " without " + missing).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("no_session");
        assertThat(answer.fields()).doesNotContainKey("www-authenticate");
      }
      assertThat(get(path, changed("Taper-Session", "A".repeat(43))).status()).isEqualTo(401);
      assertThat(get(path, changed("Cookie", "taper-console-1=x")).status()).isEqualTo(401);
    }
    assertThat(browser.get("/api/session").status()).isEqualTo(200);
  }

  /**
   * A page at another port of this address gets the cookie from the browser; and nothing with it.
   */
  @Test
  void sessionStolen_byACookieAlone_isWorthNothing() throws Exception {
    Map<String, String> thief =
        Map.of(
            "Host",
            browser.authority(),
            "Cookie",
            String.valueOf(browser.cookie),
            "Sec-Fetch-Site",
            "same-origin");
    assertThat(get("/api/session", thief).code()).isEqualTo("no_session");
    assertThat(get("/api/asks", thief).code()).isEqualTo("no_session");
    Answer out = browser.send("DELETE", "/api/session", null, thief);
    assertThat(out.code()).isEqualTo("other_origin");
    assertThat(browser.get("/api/asks").status()).isEqualTo(200);
  }

  @Test
  void dnsRebinding_byAnotherHost_isRefused() throws Exception {
    for (String host :
        List.of(
            "evil.example:" + browser.port,
            "localhost:" + browser.port,
            "127.0.0.1",
            "127.0.0.1:" + (browser.port - 1),
            "[::1]:" + browser.port,
            browser.authority() + ".evil.example")) {
      for (String path : List.of("/", "/console/main.mjs", "/api/session", "/api/asks")) {
        Answer answer = get(path, changed("Host", host));
        assertThat(answer.status()).as(host + path).isIn(400, 421);
        requireStrictIfOurs(answer);
      }
      Answer opened =
          browser.send(
              "POST",
              "/api/session",
              "{\"link\":\"x\"}",
              Map.of("Host", host, "Origin", "http://" + host));
      assertThat(opened.status()).isIn(400, 421);
    }
  }

  private static void requireStrictIfOurs(Answer answer) {
    if (answer.status() == 421) {
      requireStrict(answer);
    }
  }

  @Test
  void csrf_fromAnotherPage_isRefused() throws Exception {
    String refusal = "{\"answers\":[]}";
    for (String origin :
        List.of(
            "http://evil.example",
            "null",
            "http://127.0.0.1:" + (browser.port - 1),
            "https://127.0.0.1:" + browser.port)) {
      Answer answer = browser.send("POST", "/api/answers", refusal, changed("Origin", origin));
      assertThat(answer.code()).as(origin).isEqualTo("other_origin");
      assertThat(get("/api/asks", changed("Origin", origin)).code()).isEqualTo("other_origin");
    }
    assertThat(browser.send("POST", "/api/answers", refusal, changed("Origin", null)).code())
        .as("a post without an origin")
        .isEqualTo("other_origin");
    for (String site : List.of("cross-site", "same-site", "none")) {
      assertThat(get("/api/asks", changed("Sec-Fetch-Site", site)).code())
          .isEqualTo("other_origin");
    }
    Answer form =
        browser.send(
            "POST",
            "/api/answers",
            refusal,
            changed("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(form.code()).isEqualTo("invalid_request");
    Answer plain =
        browser.send("POST", "/api/answers", refusal, changed("Content-Type", "text/plain"));
    assertThat(plain.code()).isEqualTo("invalid_request");
    assertThat(browser.post("/api/answers", refusal).code())
        .as("our own page gets as far as the content")
        .isEqualTo("invalid_request");
  }

  @Test
  void link_openedTwice_endsTheSessionThatItOpened() throws Exception {
    assertThat(browser.get("/api/session").status()).isEqualTo(200);
    Answer second = browser.open(browser.link);
    assertThat(second.code()).isEqualTo("link_used");
    assertThat(second.fields()).doesNotContainKey("set-cookie");
    assertThat(browser.get("/api/session").code()).isEqualTo("no_session");
    StringWriter printed = new StringWriter();
    browser.console.printLink(new PrintWriter(printed));
    String next = printed.toString().strip().replaceFirst("^.*#link=", "");
    assertThat(browser.open(next).status()).isEqualTo(200);
    assertThat(browser.get("/api/session").status()).isEqualTo(200);
  }

  @Test
  void twoTabs_ofOneSession_bothWork_andSigningOutEndsBoth() throws Exception {
    assertThat(browser.get("/api/asks").status()).isEqualTo(200);
    assertThat(browser.get("/api/asks").status()).isEqualTo(200);
    Answer out = browser.send("DELETE", "/api/session", null, browser.own());
    assertThat(out.status()).isEqualTo(204);
    assertThat(out.fields().get("set-cookie")).contains("Max-Age=0");
    assertThat(browser.get("/api/asks").code()).isEqualTo("no_session");
  }

  @Test
  void staleTab_ofAConsoleThatWasStartedAnew_hasNoSession() throws Exception {
    String before = browser.json("/api/session").path("instance").textValue();
    try (Browser anew = Browser.signedIn(folder, arguments())) {
      String instance = anew.json("/api/session").path("instance").textValue();
      assertThat(instance).isNotEqualTo(before);
      assertThat(anew.json("/api/pulse").path("instance").textValue()).isEqualTo(instance);
      anew.token = browser.token;
      assertThat(anew.get("/api/asks").code()).isEqualTo("no_session");
    }
  }

  @Test
  void cookie_isForScriptsAndOtherSitesNot() throws Exception {
    browser.close();
    browser = Browser.start(Clock.systemUTC(), folder, arguments());
    Answer answer = browser.open(browser.link);
    assertThat(answer.fields().get("set-cookie"))
        .startsWith("taper-console-" + browser.port + "=")
        .contains("; Path=/;")
        .contains("; HttpOnly;")
        .contains("; SameSite=Strict;")
        .doesNotContain("Domain");
    assertThat(answer.body()).doesNotContain(String.valueOf(browser.cookie).split("=", -1)[1]);
    requireStrict(answer);
  }

  @Test
  void cookies_twoOfTheName_areNone() throws Exception {
    String tossed = browser.cookie + "; taper-console-" + browser.port + "=other";
    assertThat(get("/api/asks", changed("Cookie", tossed)).code()).isEqualTo("no_session");
  }

  @Test
  void link_thatHasEnded_opensNothing() throws Exception {
    SettableClock clock = new SettableClock(Instant.now());
    try (Browser late = Browser.start(clock, folder, arguments())) {
      clock.set(Instant.now().plus(Sessions.LINK).plusSeconds(60));
      assertThat(late.open(late.link).code()).isEqualTo("link_ended");
      assertThat(late.open("x".repeat(43)).code()).isEqualTo("unknown_link");
      assertThat(late.post("/api/session", "{\"link\":7}").code()).isEqualTo("invalid_request");
      assertThat(late.post("/api/session", "{\"link\":\"x\",\"y\":1}").code())
          .isEqualTo("invalid_request");
    }
  }

  @Test
  void start_beyondThisMachineOrWithoutWhatItNeeds_fails() {
    for (Object[] arguments :
        List.of(
            new Object[] {"--listen", "0.0.0.0:0", "--audit", "x"},
            new Object[] {"--listen", "unix:/tmp/x.sock", "--audit", "x"},
            new Object[] {"--config", "service.yaml"},
            new Object[] {},
            new Object[] {"--audit", "x", "--names", "names.json"},
            new Object[] {"--registry", "taper.db"},
            new Object[] {"--audit", "x", "--approver", "boss.key"},
            new Object[] {"--audit", "x", "--revocations", "list.bin"},
            new Object[] {"--relay", "https://x.example", "--root-keys", "root.pub"},
            new Object[] {
              "--relay",
              "http://x.example",
              "--relay-secret-file",
              "relay.secret",
              "--root-keys",
              "root.pub"
            })) {
      assertThatThrownBy(() -> Browser.start(Clock.systemUTC(), folder, arguments).close())
          .isInstanceOf(dev.taper.operations.OperationException.class)
          .extracting("code")
          .isEqualTo("usage");
    }
  }
}
