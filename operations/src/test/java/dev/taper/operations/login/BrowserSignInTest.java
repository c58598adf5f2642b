package dev.taper.operations.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import dev.taper.operations.login.BrowserSignIn.TokenKind;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person's sign-in by the browser, against a provider that answers as it likes. */
class BrowserSignInTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2030-01-01T12:00:00Z"), ZoneOffset.UTC);

  private FakeServers servers;

  @BeforeEach
  void start() throws IOException {
    servers = new FakeServers();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(servers);
  }

  private BrowserSignIn signIn(String provider, TokenKind kind, Duration patience) {
    return new BrowserSignIn(
        new BrowserSignIn.Request(
            provider, "taper-login", Set.of("profile"), "https://issuer", kind, 0, patience),
        CLOCK);
  }

  private String signedIn(Consumer<URI> browser) {
    return signIn(servers.url, TokenKind.ID, Duration.ofSeconds(5)).signIn(browser);
  }

  private static HttpResponse<String> open(String url) {
    try {
      return FakeServers.open(url);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void signIn_person_givesTheIdToken() {
    List<HttpResponse<String>> pages = new ArrayList<>();
    String token =
        signedIn(
            url -> {
              assertThat(url.toString()).startsWith(servers.url + "/authorize?");
              assertThat(FakeServers.form(url.getRawQuery()))
                  .containsEntry("scope", "openid profile")
                  .containsEntry("resource", "https://issuer")
                  .containsEntry("code_challenge_method", "S256");
              pages.add(open(servers.browser(url)));
            });
    assertThat(token.split("\\.", -1)).hasSize(3);
    HttpResponse<String> page = pages.get(0);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().map())
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .containsEntry("cache-control", List.of("no-store"))
        .containsKey("content-security-policy");
  }

  @Test
  void signIn_accessToken_givesThat() {
    assertThat(
            signIn(servers.url, TokenKind.ACCESS, Duration.ofSeconds(5))
                .signIn(url -> open(servers.browser(url))))
        .isEqualTo("a.b.c");
  }

  @Test
  void signIn_otherStatesFirst_waitsForTheRightOne() {
    String token =
        signedIn(
            url -> {
              String back = servers.browser(url);
              assertThat(open(back.replace("state=", "state=x")).statusCode()).isEqualTo(400);
              assertThat(open(back + "&state=x").statusCode()).isEqualTo(400);
              assertThat(open(back.replace("/callback", "/other")).statusCode()).isEqualTo(400);
              assertThat(open(back.replace("127.0.0.1", "localhost")).statusCode()).isEqualTo(400);
              assertThat(open(back).statusCode()).isEqualTo(200);
            });
    assertThat(token).isNotEmpty();
  }

  @Test
  void signIn_codeOfAnother_isRefused() {
    assertThatThrownBy(
            () -> signedIn(url -> open(servers.browser(url).replace("code=c1", "code=c2"))))
        .isInstanceOf(OperationException.class)
        .extracting("code")
        .isEqualTo("invalid_grant");
  }

  @ParameterizedTest
  @CsvSource({
    "nonce,\"https://evil.example\",another sign-in",
    "iss,\"https://evil.example\",another provider",
    "aud,\"https://evil.example\",another client",
    "exp,1,has ended",
    "exp,-9223372036854775808,has ended",
    "exp,\"1893502800\",has ended",
  })
  void signIn_tokenOfAnother_isRefused(String claim, String value, String why) {
    servers.claims.putAll(Map.of(claim, value));
    assertThatThrownBy(() -> signedIn(url -> open(servers.browser(url))))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining(why)
        .extracting("code")
        .isEqualTo("invalid_provider_token");
  }

  /** A number may be written so (RFC 7519, section 2). */
  @ParameterizedTest
  @ValueSource(strings = {"1.8935028e10", "18935028000.0", "1e30"})
  void signIn_endIsNoPlainInteger_isTaken(String end) {
    servers.claims.put("exp", end);
    assertThat(signedIn(url -> open(servers.browser(url)))).isNotEmpty();
  }

  @Test
  void signIn_refused_saysTheCodeAlone() {
    assertThatThrownBy(
            () ->
                signedIn(
                    url ->
                        open(
                            servers
                                .browser(url)
                                .replace("code=c1", "error=access_denied&error_description=%1b"))))
        .isInstanceOf(OperationException.class)
        .hasMessage("the provider signs nobody in: access_denied");
  }

  @Test
  void signIn_answerOfAnotherProvider_isRefused() {
    assertThatThrownBy(
            () -> signedIn(url -> open(servers.browser(url) + "&iss=https%3A%2F%2Fevil.example")))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("another provider");
  }

  @Test
  void signIn_nobodyComes_ends() {
    assertThatThrownBy(
            () -> signIn(servers.url, TokenKind.ID, Duration.ofMillis(50)).signIn(url -> {}))
        .isInstanceOf(OperationException.class)
        .extracting("code")
        .isEqualTo("login_timeout");
  }

  @ParameterizedTest
  @CsvSource({
    "issuer,\"https://evil.example\"",
    "token_endpoint,\"http://evil.example/token\"",
    "authorization_endpoint,\"javascript:alert(1)\"",
    "authorization_endpoint,1",
  })
  void signIn_providerPublishesNonsense_isRefused(String name, String value) {
    servers.discovery.put(name, value);
    assertThatThrownBy(() -> signedIn(url -> open(servers.browser(url))))
        .isInstanceOf(OperationException.class)
        .extracting("code")
        .isEqualTo("no_provider");
  }

  @Test
  void signIn_withoutTls_isRefused() {
    assertThatThrownBy(
            () ->
                signIn("http://login.example.com", TokenKind.ID, Duration.ofSeconds(1))
                    .signIn(url -> {}))
        .isInstanceOf(OperationException.class)
        .extracting("code")
        .isEqualTo("usage");
  }
}
