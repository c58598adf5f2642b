package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.AgentToken;
import dev.taper.agent.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.login.AskedGrant;
import dev.taper.operations.login.BrowserSignIn;
import dev.taper.operations.login.BrowserSignIn.TokenKind;
import dev.taper.operations.login.FirstToken;
import dev.taper.operations.login.KeyEnrolment;
import dev.taper.server.signin.Browser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent enrols, a person signs in and consents, and the agent has its first token. */
class PeopleStoryTest {
  private static final String ALICE = "248289761001";

  @TempDir Path folder;

  private final Clock clock = Clock.systemUTC();
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey agent = PrivateKey.generate(Algorithm.ED25519);
  private final int port = freePort();
  private final String issuer = "http://127.0.0.1:" + port;
  private final MockOAuth2Server provider = new MockOAuth2Server();

  private static int freePort() {
    try {
      return ServeWorld.freePort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String providerUrl() {
    return provider.issuerUrl("acme").toString();
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private Served serve(String names) throws IOException {
    secret("root.key", root.exposeText());
    secret("audit.key", PrivateKey.generate(Algorithm.ED25519).exposeText());
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    Files.writeString(
        folder.resolve("service.yaml"),
        """
        audience: svc:issuer
        root-keys: root.pub
        catalog: none
        revocations: none
        audit: {log: audit.log, key: audit.key}
        registry: sqlite:issuer.db
        """);
    Files.writeString(
        folder.resolve("issuing.datalog"), "check if tool(\"taper.grant\");\nallow if true;\n");
    Files.writeString(
        folder.resolve("issuer.yaml"),
        """
        issuer: %s
        key: root.key
        providers:
          - {issuer: "%s", audience: taper-login, delegator: "user:{sub}@acme.com"}
        templates:
          read:
            grants: ["jira.* read on jira:project/ACME/*"]
            expires: 1h
            audience: [svc:jira]
        policies: [issuing.datalog]
        """
            .formatted(issuer, providerUrl()));
    Files.writeString(
        folder.resolve("sign-in.json"),
        "{\"format\":\"taper/1 sign-in\",\"provider\":\""
            + providerUrl()
            + "\",\"client\":\"taper-issuer\",\"origins\":[\""
            + issuer
            + "\"],\"roles\":{\"claim\":\"groups\",\"operator\":\"ops\"}}");
    Files.writeString(folder.resolve("names.json"), names);
    return Served.start(
        "--role",
        "issuer",
        "--issuer",
        folder.resolve("issuer.yaml"),
        "--config",
        folder.resolve("service.yaml"),
        "--sign-in",
        folder.resolve("sign-in.json"),
        "--enrolments",
        folder.resolve("enrolments.json"),
        "--publish-names",
        folder.resolve("names.json"),
        "--listen",
        "127.0.0.1:" + port);
  }

  private void next(Map<String, Object> claims) {
    provider.enqueueCallback(
        new DefaultOAuth2TokenCallback("acme", ALICE, "JWT", List.of("taper"), claims, 3600));
  }

  private Browser signedIn() {
    next(Map.of("groups", List.of("ops")));
    Browser browser = new Browser(issuer);
    assertThat(browser.signIn("/confirm").statusCode()).isEqualTo(200);
    return browser;
  }

  private static Map<String, String> answer(HttpResponse<String> page, String word) {
    Map<String, String> form = new LinkedHashMap<>(Browser.fields(page));
    form.put("answer", word);
    return form;
  }

  private void confirmCode(KeyEnrolment.Told told) {
    Browser operator = signedIn();
    Map<String, String> typed = answer(operator.open("/confirm"), "see");
    typed.put("code", told.code());
    HttpResponse<String> page = operator.post("/confirm/code", typed);
    assertThat(page.body()).contains("agent:scribe", agent.publicKey().toString());
    assertThat(operator.post("/confirm/code", answer(page, "yes")).statusCode()).isEqualTo(200);
  }

  private void consent(URI page) {
    assertThat(page.toString()).startsWith(issuer + "/confirm");
    Browser person = signedIn();
    String all = person.open("/confirm").body();
    String path = all.replaceAll("(?s).*href=\"(/confirm/exchange\\?id=[^\"]+)\".*", "$1");
    HttpResponse<String> asked = person.open(path);
    assertThat(asked.body())
        .contains("agent:scribe", "user:" + ALICE + "@acme.com", "jira:project/ACME/");
    assertThat(person.post("/confirm/exchange", answer(asked, "yes")).statusCode()).isEqualTo(200);
  }

  private String subjectToken() {
    next(Map.of());
    return new BrowserSignIn(
            new BrowserSignIn.Request(
                providerUrl(),
                "taper-login",
                Set.of(),
                null,
                TokenKind.ID,
                0,
                Duration.ofSeconds(20)),
            clock)
        .signIn(
            url -> {
              Browser browser = new Browser(issuer);
              String back =
                  browser.elsewhere(url.toString()).headers().firstValue("Location").orElseThrow();
              assertThat(browser.elsewhere(back).statusCode()).isEqualTo(200);
            });
  }

  @Test
  void agent_enrolledAndConsentedTo_hasAToken() throws Exception {
    provider.start();
    String names =
        NamesFile.builder()
            .number(1)
            .agent("agent:planner", root.publicKey())
            .build()
            .sign(PrivateKey.generate(Algorithm.ED25519));
    try (Served served = serve(names)) {
      assertThat(served.line).contains("issuer at");
      AskedGrant asked =
          new AskedGrant("read", "T-1", "clean up", List.of(), List.of(), null, null);
      FirstToken tokens = FirstToken.from(issuer, clock);
      assertThatThrownBy(
              () ->
                  tokens.exchange(
                      subjectToken(),
                      TokenKind.ID,
                      agent,
                      asked,
                      page -> {},
                      Duration.ofSeconds(20)))
          .isInstanceOf(OperationException.class);

      KeyEnrolment.at(issuer, clock)
          .byCode("agent:scribe", agent, this::confirmCode, Duration.ofSeconds(30));
      AgentToken token =
          tokens.exchange(
              subjectToken(), TokenKind.ID, agent, asked, this::consent, Duration.ofSeconds(30));

      assertThat(token.token().holderKey()).isEqualTo(agent.publicKey());
      assertThat(token.chain().delegator()).isEqualTo("user:" + ALICE + "@acme.com");
      HttpResponse<String> published =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(issuer + "/.well-known/taper-agents")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(published.body()).isEqualTo(names);
    } finally {
      provider.shutdown();
    }
  }

  @Test
  void serve_optionsThatDoNotFit_isRefused() {
    assertThatThrownBy(
            () -> Served.start("--role", "lists", "--sign-in", folder.resolve("sign-in.json")))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("belong to the role issuer");
    PeopleOptions options = new PeopleOptions();
    options.signIn = folder.resolve("sign-in.json");
    assertThatThrownBy(() -> options.book(clock))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--enrolments");
  }
}
