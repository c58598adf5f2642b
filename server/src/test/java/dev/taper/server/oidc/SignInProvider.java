package dev.taper.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A provider of sign-ins that says whatever a test wants, by a test's clock. */
public final class SignInProvider implements AutoCloseable {
  /** Whom its tokens are for. */
  public static final String AUDIENCE = "https://issuer.example.com";

  public final String issuer;
  public final ECKey key = key("k1");
  public final AtomicInteger asked = new AtomicInteger();

  /** What it publishes as its keys; empty to answer with 500. */
  public volatile String keys = new JWKSet(key.toPublicJWK()).toString();

  /** What it does before it answers with its keys. */
  public volatile Runnable beforeKeys = () -> {};

  private final HttpServer server;
  private final Clock clock;

  public SignInProvider(Clock clock) {
    this.clock = clock;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    answer(
        "/.well-known/openid-configuration",
        () -> "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
    answer(
        "/keys",
        () -> {
          asked.incrementAndGet();
          beforeKeys.run();
          return keys;
        });
    server.start();
  }

  private void answer(String path, Supplier<String> content) {
    server.createContext(
        path,
        exchange -> {
          String text = content.get();
          byte[] bytes = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
          try (exchange) {
            exchange.sendResponseHeaders(text.isEmpty() ? 500 : 200, Math.max(1, bytes.length));
            exchange.getResponseBody().write(text.isEmpty() ? new byte[1] : bytes);
          }
        });
  }

  public static ECKey key(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Alice's token for the issuer, issued to the planner's client, with changes. */
  public String token(Consumer<JWTClaimsSet.Builder> changes) {
    return token(key, changes);
  }

  public String token(ECKey by, Consumer<JWTClaimsSet.Builder> changes) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject("alice-1")
            .audience(AUDIENCE)
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(clock.instant().plusSeconds(300)))
            .jwtID(UUID.randomUUID().toString())
            .claim("azp", "planner-app");
    changes.accept(claims);
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(by.getKeyID())
                .build(),
            claims.build());
    try {
      jwt.sign(new ECDSASigner(by));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt.serialize();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
