package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a code becomes, at a provider that answers as it likes. */
class CodeExchangeTest {
  private static final Attempts.Attempt ATTEMPT =
      new Attempts.Attempt("state", "nonce", "verifier", "/");

  @TempDir Path folder;

  private final AtomicReference<String> answer = new AtomicReference<>("");
  private final List<String> credentials = new ArrayList<>();
  private ECKey key;
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    publish(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\",\"token_endpoint\":\"%1$s/token\"}"
            .formatted(url));
    publish("/keys", new JWKSet(key.toPublicJWK()).toString());
    server.createContext(
        "/token",
        exchange -> {
          List<String> sent = exchange.getRequestHeaders().get("Authorization");
          credentials.addAll(sent == null ? List.of("none") : sent);
          byte[] bytes = answer.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  private void publish(String path, String json) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, s -> s.stop(0)));
  }

  private CodeExchange exchange(@Nullable Path secret) {
    return new CodeExchange(
        IdentityTokens.of(Provider.of(url), Clock.systemUTC()),
        new SignInClient("taper", secret, Set.of(), RoleMapping.NONE));
  }

  private JWTClaimsSet.Builder claims() {
    Date now = Date.from(Clock.systemUTC().instant());
    return new JWTClaimsSet.Builder()
        .issuer(url)
        .subject("alice-1")
        .audience("taper")
        .claim("nonce", "nonce")
        .issueTime(now)
        .expirationTime(Date.from(now.toInstant().plusSeconds(60)));
  }

  private void give(JWTClaimsSet.Builder claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims.build());
    token.sign(new ECDSASigner(key));
    answer.set("{\"id_token\":\"" + token.serialize() + "\"}");
  }

  private void refuses() {
    assertThatThrownBy(() -> exchange(null).identity(ATTEMPT, "code", null, "http://r"))
        .isInstanceOf(IdentityException.class);
  }

  @Test
  void identity_good_saysWho() throws Exception {
    give(claims());
    assertThat(exchange(null).identity(ATTEMPT, "code", url, "http://r").subject().id())
        .isEqualTo("alice-1");
    assertThat(credentials).containsExactly("none");
  }

  @Test
  void identity_withASecret_sendsItInItsHeaderAlone() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "a b:c\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    give(claims());
    assertThat(exchange(secret).identity(ATTEMPT, "code", null, "http://r")).isNotNull();
    assertThat(credentials).containsExactly("Basic dGFwZXI6YStiJTNBYw==");
  }

  @Test
  void identity_forAnotherClient_isRefused() throws Exception {
    give(claims().claim("azp", "another"));
    refuses();
    give(claims().audience(List.of("taper", "another")));
    refuses();
    give(claims().audience("another"));
    refuses();
    give(claims().audience(List.of("taper", "another")).claim("azp", "taper"));
    assertThat(exchange(null).identity(ATTEMPT, "code", null, "http://r")).isNotNull();
  }

  @Test
  void identity_ofAnotherSignIn_isRefused() throws Exception {
    give(claims().claim("nonce", "other"));
    refuses();
    give(claims().claim("nonce", null));
    refuses();
  }

  @Test
  void identity_noToken_isRefused() {
    for (String json : List.of("", "[]", "{}", "{\"id_token\":1}", "{\"id_token\":\"a.b.c\"}")) {
      answer.set(json);
      refuses();
    }
  }

  @Test
  void url_providerWithoutSignIn_isUnavailable() {
    assertThatThrownBy(() -> exchange(null).url(ATTEMPT, "http://r"))
        .isInstanceOf(IdentityException.class)
        .extracting("code")
        .isEqualTo(IdentityException.Code.UNAVAILABLE);
  }
}
