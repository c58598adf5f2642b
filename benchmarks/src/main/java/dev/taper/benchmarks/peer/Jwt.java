package dev.taper.benchmarks.peer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * A JWT with an Ed25519 signature, by nimbus-jose-jwt: one signature, no delegation, no proof. It
 * is the least that a service pays for any signed token. Taper's backend verifies the signature, so
 * that the formats are compared and not the signature libraries; issuer, audience, expiry and scope
 * are checked by hand.
 */
public final class Jwt {
  private static final String ISSUER = "https://issuer.example";
  private static final String AUDIENCE = "svc:jira";

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final JWSVerifier verifier = new Verifier(key.publicKey());
  private final String token;

  /** Makes a token that is good for an hour. */
  public Jwt() {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject("agent:planner")
            .audience(AUDIENCE)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
            .claim("scope", List.of("jira.search:read", "jira.list:read"))
            .claim("resource", "jira:project/ACME/")
            .claim("act", "user:alice@acme.com")
            .build();
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.Ed25519), claims);
    try {
      jwt.sign(new Signer(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    token = jwt.serialize();
  }

  /**
   * Parses the token, verifies its signature and looks at its claims.
   *
   * @return the subject
   * @throws IllegalStateException if anything about it is wrong
   */
  public String verify() {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      boolean good =
          jwt.verify(verifier)
              && ISSUER.equals(claims.getIssuer())
              && claims.getAudience().contains(AUDIENCE)
              && claims.getExpirationTime().toInstant().isAfter(Instant.now())
              && claims.getStringListClaim("scope").contains("jira.search:read");
      if (!good) {
        throw new IllegalStateException("not allowed");
      }
      return claims.getSubject();
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Verifier(PublicKey key) implements JWSVerifier {
    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
      return JWSAlgorithm.Ed25519.equals(header.getAlgorithm())
          && key.verify(input, signature.decode());
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return Set.of(JWSAlgorithm.Ed25519);
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }

  private record Signer(PrivateKey key) implements JWSSigner {
    @Override
    public Base64URL sign(JWSHeader header, byte[] input) {
      return Base64URL.encode(key.sign(input));
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return Set.of(JWSAlgorithm.Ed25519);
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }
}
