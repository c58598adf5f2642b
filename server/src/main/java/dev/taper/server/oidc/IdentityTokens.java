package dev.taper.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.server.oidc.IdentityException.Code;
import java.io.IOException;
import java.math.BigDecimal;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the tokens of one provider. Its keys come from where it publishes them and never from a
 * token; they are fetched at their first use, when five minutes have passed, and when a token names
 * one that is not there, though no more than twice in ten seconds. If the provider is away, those
 * that were fetched count for another four hours. Thread-safe.
 */
public final class IdentityTokens {
  /** The longest token, in characters. */
  public static final int MAX_TOKEN = 16 * 1024;

  /**
   * The compact form alone. Nimbus leaves out spaces around a token, which then has a second text
   * for whoever notes which ones were used.
   */
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  /** How far the clocks of a provider and of this machine may differ. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  private static final List<String> TIMES = List.of("exp", "nbf", "iat");

  /** The end of the year 9999, in seconds. */
  private static final BigDecimal LAST_TIME = BigDecimal.valueOf(253_402_300_799L);

  private final Provider provider;
  private final ProviderPages pages;
  private final Clock clock;
  private final FailureLog failures;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private IdentityTokens(Provider provider, Clock clock) {
    this.provider = provider;
    this.clock = clock;
    this.pages = new ProviderPages(provider);
    this.failures =
        FailureLog.of(IdentityTokens.class, "asking " + provider.issuer() + " for keys", clock);
    Set<JWSAlgorithm> algorithms = new HashSet<>();
    provider.algorithms().forEach(name -> algorithms.add(JWSAlgorithm.parse(name)));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithms, new ProviderKeys(pages, clock, failures)));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWTClaimsSetVerifier((claims, context) -> {}); // by our clock, below
  }

  /** The certificate that the provider last showed; empty if it showed none yet. */
  public List<VerifierHealth.Ending> endings() {
    return VerifierHealth.Ending.ofPeer(
        VerifierHealth.Ending.Kind.PROVIDER, provider.issuer(), pages.certificateEnds());
  }

  /** Verifies the tokens of a provider, by a clock. Nothing is fetched yet. */
  public static IdentityTokens of(Provider provider, Clock clock) {
    return new IdentityTokens(provider, clock);
  }

  /** Whose tokens these are. */
  public Provider provider() {
    return provider;
  }

  /**
   * Where the provider signs people in, by discovery.
   *
   * @throws IdentityException {@link Code#UNAVAILABLE}
   */
  public Endpoints endpoints() throws IdentityException {
    try {
      return pages.endpoints();
    } catch (IOException e) {
      failures.failed(e);
      throw unavailable();
    }
  }

  /**
   * Says who issued a token, as it claims itself: to choose whose keys verify it.
   *
   * @return null if it is no JWT that claims one
   */
  public static @Nullable String claimedIssuer(String token) {
    try {
      return isCompact(token) ? SignedJWT.parse(token).getJWTClaimsSet().getIssuer() : null;
    } catch (ParseException | RuntimeException e) {
      return null;
    }
  }

  /**
   * Verifies a token: its signature, algorithm, issuer, audience and times. Whether it was seen
   * before is the caller's affair.
   *
   * @param token a signed JWT in its compact form
   * @param audience who must be among those that it is for
   * @throws IdentityException if it is not taken
   */
  public Identity verify(String token, String audience) throws IdentityException {
    JWTClaimsSet claims = signed(token);
    if (!provider.issuer().equals(claims.getIssuer())) {
      throw new IdentityException(Code.ISSUER, "the token is of another issuer");
    }
    if (!claims.getAudience().contains(audience)) {
      throw new IdentityException(Code.AUDIENCE, "the token is for another audience");
    }
    Instant now = clock.instant();
    Instant end = needed(claims.getExpirationTime(), "exp");
    Instant issued = needed(claims.getIssueTime(), "iat");
    Date start = claims.getNotBeforeTime();
    if (!now.isBefore(end)) {
      throw new IdentityException(Code.EXPIRED, "the token has ended");
    }
    Instant latest = now.plus(SKEW);
    if (issued.isAfter(latest) || (start != null && start.toInstant().isAfter(latest))) {
      throw new IdentityException(Code.NOT_YET_VALID, "the token is from the future");
    }
    try {
      return new Identity(
          new Subject(provider.issuer(), String.valueOf(claims.getStringClaim("sub"))),
          claims.getClaims(),
          claims.getAudience(),
          issued,
          end,
          claims.getStringClaim("jti"),
          claims.getStringClaim("nonce"),
          claims.getStringClaim("azp"));
    } catch (ParseException | TaperException e) {
      throw malformed();
    }
  }

  private static boolean isCompact(String token) {
    return token.length() <= MAX_TOKEN && COMPACT.matcher(token).matches();
  }

  private JWTClaimsSet signed(String token) throws IdentityException {
    if (token.length() > MAX_TOKEN) {
      throw new IdentityException(Code.MALFORMED, "the token is too long");
    }
    if (!isCompact(token)) {
      throw malformed();
    }
    SignedJWT jwt;
    try {
      jwt = SignedJWT.parse(token);
      if (jwt.getJWTClaimsSet().getStringClaim("sub") == null || !areTimes(jwt)) {
        throw malformed();
      }
    } catch (ParseException | RuntimeException e) {
      throw malformed();
    }
    try {
      return processor.process(jwt, null);
    } catch (KeySourceException e) {
      throw unavailable();
    } catch (BadJOSEException | JOSEException | RuntimeException e) {
      throw new IdentityException(
          Code.SIGNATURE, "the token is not signed by its issuer in a way that is taken");
    }
  }

  /** Nimbus cuts what is too large for a number of 64 bits: a far time would be an early one. */
  private static boolean areTimes(SignedJWT jwt) {
    Map<String, Object> claims = jwt.getPayload().toJSONObject();
    for (String name : TIMES) {
      if (claims.get(name) instanceof Number time
          && new BigDecimal(time.toString()).abs().compareTo(LAST_TIME) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Instant needed(@Nullable Date time, String name) throws IdentityException {
    if (time == null) {
      throw new IdentityException(Code.MALFORMED, "the token has no " + name);
    }
    return time.toInstant();
  }

  private static IdentityException malformed() {
    return new IdentityException(Code.MALFORMED, "this is no signed JWT that names somebody");
  }

  private static IdentityException unavailable() {
    return new IdentityException(
        Code.UNAVAILABLE, "the keys of the token's issuer cannot be had now");
  }
}
