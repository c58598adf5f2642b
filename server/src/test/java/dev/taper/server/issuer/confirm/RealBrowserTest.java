package dev.taper.server.issuer.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.delegation.Task;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.issuer.PendingExchange;
import dev.taper.server.issuer.enrol.EnrolmentBook;
import dev.taper.server.issuer.enrol.EnrolmentCodes;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.SignInWorld;
import dev.taper.testing.Needed;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A real browser signs in, consents, and is led astray by a hostile page. */
@TestInstance(Lifecycle.PER_CLASS)
class RealBrowserTest {
  private final Waiting waiting = new Waiting();
  private SignInWorld world;
  private Chromium browser;
  private HttpServer hostile;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Needed.demand(Chromium.isThere(), "chromium");
    world =
        new SignInWorld(
            (signIn, of) ->
                List.of(
                    new ConfirmPages(
                        signIn,
                        waiting,
                        new EnrolmentCodes(
                            EnrolmentBook.open(folder.resolve("enrolments.json"), of.clock),
                            of.clock),
                        of.clock)));
    hostile = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    hostile.start();
    browser = Chromium.start(Files.createDirectory(folder.resolve("profile")));
  }

  @AfterAll
  void stop() throws Exception {
    TearDown.close(
        TearDown.of(browser, Chromium::close), TearDown.of(hostile, h -> h.stop(0)), world);
  }

  @BeforeEach
  void ask() {
    waiting.decided.clear();
    waiting.all.clear();
    waiting.all.add(
        new PendingExchange(
            "e1",
            new Subject(world.issuer(), "alice-1"),
            "user:alice@acme.com",
            new EnrolledAgent(
                "agent:planner", PrivateKey.generate(Algorithm.ED25519).publicKey(), Set.of()),
            new Task("T-4711", null),
            List.of("jira.* read"),
            List.of(),
            List.of(),
            Duration.ofHours(1),
            world.clock.instant().plusSeconds(3600),
            null,
            world.clock.instant().plusSeconds(600)));
  }

  private String hostilePage(String path, String html) throws IOException {
    hostile.createContext(
        path,
        exchange -> {
          byte[] page = html.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    return "http://localhost:" + hostile.getAddress().getPort() + path;
  }

  private void signIn() throws InterruptedException {
    var unused = browser.send("Network.clearBrowserCookies", Map.of());
    world.next("alice-1", Map.of("name", "Alice"));
    String text = browser.open(world.origin + "/confirm/exchange?id=e1", "May this agent");
    assertThat(text).contains("agent:planner", "jira.* read", "T-4711");
  }

  @Test
  void person_signsInAndConsents() throws Exception {
    signIn();
    assertThat(browser.eval("document.cookie")).isEmpty();
    String unused = browser.eval("document.querySelector('button[value=yes]').click()");
    assertThat(browser.text("Done")).contains("The agent gets the token");
    assertThat(waiting.decided).containsExactly("yes e1");
  }

  @Test
  void person_whoAnswered_findsNothingToAnswerAgain() throws Exception {
    signIn();
    String unused = browser.eval("document.querySelector('button[value=no]').click()");
    assertThat(browser.text("Done")).contains("The agent gets nothing");
    String again = browser.open(world.origin + "/confirm/exchange?id=e1", "waits for you");
    assertThat(again).contains("Nothing was done").doesNotContain("Allow this");
    assertThat(waiting.decided).containsExactly("no e1");
  }

  /**
   * Of the same host, so that the browser sends the cookie along: the page alone is what stops it.
   */
  @Test
  void hostilePage_ofAnotherPortOfThisHost_framesNothing() throws Exception {
    signIn();
    HttpServer near =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] page =
        ("<title>near</title><p>click here</p><iframe src='"
                + world.origin
                + "/confirm/exchange?id=e1'></iframe>")
            .getBytes(StandardCharsets.UTF_8);
    near.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    near.start();
    try {
      var unused =
          browser.open("http://127.0.0.1:" + near.getAddress().getPort() + "/", "click here");
      var tree = browser.send("Page.getFrameTree", Map.of()).path("result").path("frameTree");
      assertThat(tree.path("childFrames").path(0).path("frame").path("url").asText())
          .isEqualTo("chrome-error://chromewebdata/");
      assertThat(waiting.decided).isEmpty();
    } finally {
      near.stop(0);
    }
  }

  @Test
  void hostilePage_postsAForm_nothingIsDone() throws Exception {
    signIn();
    String token = browser.eval("document.querySelector('input[name=token]').value");
    String digest = browser.eval("document.querySelector('input[name=digest]').value");
    String page =
        hostilePage(
            "/form",
            "<form method=post action='"
                + world.origin
                + "/confirm/exchange'><input name=id value=e1><input name=answer value=yes>"
                + "<input name=token value='"
                + token
                + "'><input name=digest value='"
                + digest
                + "'></form><script>document.forms[0].submit()</script>");
    // Without its cookie, which the browser keeps back, the person is led to sign in again.
    world.next("alice-1", Map.of());
    String unused = browser.open(page, "unknown_path");
    assertThat(waiting.decided).isEmpty();
  }
}
