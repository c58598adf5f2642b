package dev.taper.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.taper.TaperException;
import dev.taper.server.oidc.IdentityException.Code;
import dev.taper.testing.Await;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of a provider are taken if its own published keys signed them, and no others. */
class IdentityTokensTest {
  private static final String AUDIENCE = SignInProvider.AUDIENCE;

  private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T12:00:00Z"));
  private final SignInProvider provider = new SignInProvider(clock);
  private final IdentityTokens tokens = IdentityTokens.of(Provider.of(provider.issuer), clock);

  @AfterEach
  void close() {
    provider.close();
  }

  private void refused(Code code, String token) {
    refused(tokens, code, token);
  }

  private static void refused(IdentityTokens by, Code code, String token) {
    IdentityException refusal =
        catchThrowableOfType(IdentityException.class, () -> by.verify(token, AUDIENCE));
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageNotContaining("alice");
  }

  private JWTClaimsSet claims() throws Exception {
    return SignedJWT.parse(provider.token(claims -> {})).getJWTClaimsSet();
  }

  @Test
  void verify_ofAGoodToken_saysWhoItIs() throws Exception {
    String token = provider.token(claims -> claims.claim("nonce", "n").claim("email", "a@b.c"));
    Identity identity = tokens.verify(token, AUDIENCE);
    assertThat(identity.subject()).isEqualTo(new Subject(provider.issuer, "alice-1"));
    assertThat(identity.nonce()).isEqualTo("n");
    assertThat(identity.id()).isNotBlank();
    assertThat(identity.party()).isEqualTo("planner-app");
    assertThat(identity.end()).isEqualTo(clock.instant().plusSeconds(300));
    assertThat(identity).asString().doesNotContain("a@b.c");
  }

  @Test
  void verify_byAKeyInTheToken_isRefused() throws Exception {
    ECKey own = SignInProvider.key("k1");
    for (JWSHeader header :
        List.of(
            new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(own.toPublicJWK()).build(),
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("k1")
                .jwk(own.toPublicJWK())
                .jwkURL(URI.create("https://evil.example.com/keys"))
                .build())) {
      SignedJWT jwt = new SignedJWT(header, claims());
      jwt.sign(new ECDSASigner(own));
      refused(Code.SIGNATURE, jwt.serialize());
    }
  }

  @Test
  void verify_ofAnotherAlgorithm_isRefused() throws Exception {
    refused(Code.MALFORMED, new PlainJWT(claims()).serialize());
    SignedJWT symmetric =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims());
    symmetric.sign(
        new MACSigner(provider.key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
    refused(Code.SIGNATURE, symmetric.serialize());
    IdentityTokens rsaOnly =
        IdentityTokens.of(Provider.of(provider.issuer).algorithms(Set.of("RS256")), clock);
    refused(rsaOnly, Code.SIGNATURE, provider.token(claims -> {}));
  }

  @Test
  void verify_ofAnotherType_isRefused() throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("k1")
                .type(new JOSEObjectType("dpop+jwt"))
                .build(),
            claims());
    jwt.sign(new ECDSASigner(provider.key));
    refused(Code.SIGNATURE, jwt.serialize());
  }

  @Test
  void verify_ofALongToken_isRefused() {
    refused(Code.MALFORMED, provider.token(claims -> claims.claim("x", "y".repeat(16_384))));
    refused(Code.MALFORMED, provider.token(claims -> claims.subject("s".repeat(256))));
  }

  @Test
  void verify_ofATokenWithSpacesAround_isRefused() {
    String token = provider.token(claims -> {});
    for (String text : List.of(" " + token, token + "\n", "\u0001" + token, token + ".")) {
      refused(Code.MALFORMED, text);
      assertThat(IdentityTokens.claimedIssuer(text)).isNull();
    }
    assertThat(IdentityTokens.claimedIssuer(token)).isEqualTo(provider.issuer);
  }

  /** Of each, the lowest 64 bits are a time that would do. */
  @ParameterizedTest
  @ValueSource(strings = {"nbf", "iat", "exp"})
  void verify_ofATokenWithATimeBehindAllTimes_isRefused(String name) throws Exception {
    BigInteger time = BigInteger.valueOf(clock.instant().getEpochSecond() + 10);
    String good = provider.token(claims -> claims.claim(name, time));
    assertThat(tokens.verify(good, AUDIENCE)).isNotNull();
    for (BigInteger far :
        List.of(
            time.add(BigInteger.ONE.shiftLeft(64)), time.subtract(BigInteger.ONE.shiftLeft(64)))) {
      refused(Code.MALFORMED, provider.token(claims -> claims.claim(name, far)));
    }
  }

  @Test
  void verify_ofManyTokens_asksForTheKeysOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    }
    assertThat(provider.asked).hasValue(1);
    // Keys that nobody has make the issuer ask again, though not each time.
    for (int i = 0; i < 20; i++) {
      String token = provider.token(SignInProvider.key("k" + i + 2), claims -> {});
      IdentityException refusal =
          catchThrowableOfType(IdentityException.class, () -> tokens.verify(token, AUDIENCE));
      assertThat(refusal.code()).isIn(Code.SIGNATURE, Code.UNAVAILABLE);
    }
    assertThat(provider.asked.get()).isLessThanOrEqualTo(3);
    assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
  }

  @Test
  void verify_afterTheProviderChangedItsKey_goesByTheNewOne() throws Exception {
    assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    ECKey next = SignInProvider.key("k2");
    provider.keys = new JWKSet(next.toPublicJWK()).toString();
    assertThat(tokens.verify(provider.token(next, claims -> {}), AUDIENCE)).isNotNull();
  }

  @Test
  void verify_whileTheProviderIsAway_goesByTheKeysThatItHad() throws Exception {
    refusedWhileAway("");
    provider.keys = new JWKSet(provider.key.toPublicJWK()).toString();
    IdentityTokens later = IdentityTokens.of(Provider.of(provider.issuer), clock);
    assertThat(later.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    provider.keys = "";
    assertThat(later.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
  }

  private void refusedWhileAway(String keys) {
    provider.keys = keys;
    IdentityTokens fresh = IdentityTokens.of(Provider.of(provider.issuer), clock);
    refused(fresh, Code.UNAVAILABLE, provider.token(claims -> {}));
  }

  @Test
  void verify_afterFiveMinutesAndAfterFourHours_goesByNewKeysAndByNone() throws Exception {
    assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    clock.forward(Duration.ofMinutes(5));
    assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    assertThat(provider.asked).hasValue(2);
    provider.keys = "";
    clock.forward(Duration.ofHours(4));
    assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    clock.forward(Duration.ofMinutes(5));
    refused(Code.UNAVAILABLE, provider.token(claims -> {}));
    clock.forward(Duration.ofSeconds(10));
    provider.keys = new JWKSet(SignInProvider.key("k1").toPublicJWK()).toString();
    refused(Code.SIGNATURE, provider.token(claims -> {}));
  }

  /** Or whoever sends tokens in its name would take all threads. */
  @Test
  void verify_whileTheProviderDoesNotAnswer_hasFewWait() throws Exception {
    CountDownLatch isAsked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    provider.beforeKeys =
        () -> {
          isAsked.countDown();
          Await.down(mayAnswer);
        };
    ExecutorService threads = Executors.newCachedThreadPool();
    CompletionService<Identity> answers = new ExecutorCompletionService<>(threads);
    try {
      for (int i = 0; i <= ProviderKeys.AT_ONCE; i++) {
        String token = provider.token(claims -> {});
        var unused = answers.submit(() -> tokens.verify(token, AUDIENCE));
      }
      Await.down(isAsked);
      // All others wait, so whoever came last is the first to be answered.
      assertThatThrownBy(() -> next(answers).get()).hasCauseInstanceOf(IdentityException.class);
      assertThat(answers.poll()).isNull();
      mayAnswer.countDown();
      for (int i = 0; i < ProviderKeys.AT_ONCE; i++) {
        assertThat(next(answers).get()).isNotNull();
      }
    } finally {
      mayAnswer.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void verify_withKeys_waitsForNobodyWhoFetchesOthers() throws Exception {
    assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    CountDownLatch isAsked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    provider.beforeKeys =
        () -> {
          isAsked.countDown();
          Await.down(mayAnswer);
        };
    clock.forward(Duration.ofMinutes(6));
    String unknown = provider.token(SignInProvider.key("k9"), claims -> {});
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<IdentityException> asking =
          thread.submit(
              () ->
                  catchThrowableOfType(
                      IdentityException.class, () -> tokens.verify(unknown, AUDIENCE)));
      Await.down(isAsked);
      assertThat(tokens.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
      refused(Code.UNAVAILABLE, unknown);
      assertThat(asking.isDone()).isFalse();
      mayAnswer.countDown();
      assertThat(asking.get(1, TimeUnit.MINUTES).code()).isEqualTo(Code.SIGNATURE);
    } finally {
      mayAnswer.countDown();
      thread.shutdownNow();
    }
  }

  private static Future<Identity> next(CompletionService<Identity> answers) throws Exception {
    return Objects.requireNonNull(answers.poll(1, TimeUnit.MINUTES));
  }

  @Test
  void verify_withKeysThatMakeNoSense_isNotDecided() {
    refusedWhileAway("{}");
    refusedWhileAway("no keys");
    refusedWhileAway(provider.keys + " ".repeat(ProviderPages.MAX_BYTES));
  }

  @Test
  void verify_ofAProviderThatCallsItselfOtherwise_isNotDecided() {
    IdentityTokens other = IdentityTokens.of(Provider.of(provider.issuer + "/"), clock);
    refused(other, Code.UNAVAILABLE, provider.token(claims -> {}));
  }

  /**
   * Or it could have the issuer ask services that only this machine reaches, and send them codes.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"jwks_uri", "authorization_endpoint", "token_endpoint", "end_session_endpoint"})
  void endpoints_ofAProviderElsewhereAtThisMachine_areRefused(String name) throws Exception {
    Provider remote = Provider.of("https://idp.example.com");
    String document =
        "{\"issuer\":\"https://idp.example.com\",\"jwks_uri\":\"https://idp.example.com/keys\"}";
    assertThat(Endpoints.read(remote, document).keys()).hasToString("https://idp.example.com/keys");
    for (String host : List.of("127.0.0.1", "localhost", "[::1]")) {
      String address = "\"" + name + "\":\"http://" + host + ":2375/x\"";
      String hostile =
          name.equals("jwks_uri")
              ? document.replace("\"jwks_uri\":\"https://idp.example.com/keys\"", address)
              : document.replace("}", "," + address + "}");
      assertThatThrownBy(() -> Endpoints.read(remote, hostile)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void verify_withoutDiscovery_takesTheKeysFromWhereTheyAreConfigured() throws Exception {
    IdentityTokens configured =
        IdentityTokens.of(
            Provider.of(provider.issuer).keys(URI.create(provider.issuer + "/keys")), clock);
    assertThat(configured.verify(provider.token(claims -> {}), AUDIENCE)).isNotNull();
    clock.forward(Duration.ofSeconds(1));
    assertThat(tokens.endpoints().keys()).hasToString(provider.issuer + "/keys");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idp.example.com",
        "ftp://idp.example.com",
        "https://user@idp.example.com",
        "https://idp.example.com/#x",
        "idp.example.com",
        "http://127.0.0.1.example.com",
        "::"
      })
  void provider_atAnAddressThatOthersCanRead_isRefused(String address) {
    assertThatThrownBy(() -> Provider.of(address)).isInstanceOf(TaperException.class);
  }
}
