package dev.taper.operations.login;

import dev.taper.Given;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.UrlEncoded;
import dev.taper.crypto.Digests;
import dev.taper.operations.OperationException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signs a person in at a provider of OpenID Connect, in the person's own browser: authorization
 * code with PKCE, and a redirect to this machine (RFC 8252). No secret of a client is needed. The
 * provider is asked over https alone (http on this machine). Immutable and thread-safe.
 */
public final class BrowserSignIn {
  private static final String WELL_KNOWN = "/.well-known/openid-configuration";
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int MAX_TOKEN = 16 * 1024;
  private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(Integer.MAX_VALUE * 64L);

  private static final JsonReader<OperationException> CLAIMS =
      JsonReader.of(20, MAX_TOKEN, 100, (why, cause) -> invalid("it is no JWT"));
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Which token of the provider becomes the subject of an exchange. */
  public enum TokenKind {
    /** The ID token. */
    ID("id_token"),
    /** The access token, where the provider makes it a JWT for the issuer. */
    ACCESS("access_token");

    private final String member;

    TokenKind(String member) {
      this.member = member;
    }

    /** Its type in an exchange (RFC 8693). */
    public String type() {
      return "urn:ietf:params:oauth:token-type:" + member;
    }
  }

  /**
   * How the sign-in is done. Immutable.
   *
   * @param provider the provider's URL
   * @param client the id of a public client there, for which redirects to {@code
   *     http://127.0.0.1/callback} are allowed
   * @param scopes what is asked for beside {@code openid}
   * @param resource what the token shall be for, as RFC 8707 says it; null to leave that out
   * @param kind which token is wanted
   * @param port where the browser comes back; 0 for any
   * @param patience how long the person may take
   */
  public record Request(
      String provider,
      String client,
      Set<String> scopes,
      @Nullable String resource,
      TokenKind kind,
      int port,
      Duration patience) {
    /** Copies the scopes. */
    public Request {
      scopes = Set.copyOf(scopes);
    }
  }

  private final Request request;
  private final Clock clock;

  /**
   * Prepares a sign-in; nobody is asked yet.
   *
   * @param clock what time it is
   */
  public BrowserSignIn(Request request, Clock clock) {
    this.request = request;
    this.clock = clock;
  }

  /**
   * Signs a person in.
   *
   * @param browser is given the URL that the person has to open
   * @return the provider's token, a secret
   * @throws OperationException {@code usage} for another URL than a provider has; {@code io} if it
   *     does not answer; {@code login_timeout}; {@code login_refused} if the person or provider
   *     says no; {@code invalid_provider_token} if its token belongs to another sign-in, client or
   *     time
   */
  public String signIn(Consumer<URI> browser) {
    URI provider = ServerUrl.named(request.provider(), "a provider");
    Exchanged published = Exchanged.get(ServerUrl.below(provider, WELL_KNOWN));
    URI authorization = ServerUrl.stated(published.text("authorization_endpoint"), provider);
    URI token = ServerUrl.stated(published.text("token_endpoint"), provider);
    boolean isNamed = request.provider().equals(published.text("issuer"));
    if (authorization == null || token == null || !isNamed) {
      throw OperationException.refused(
          "no_provider", request.provider() + " does not say where people sign in");
    }
    String state = random();
    String nonce = random();
    String verifier = random();
    try (BrowserReturn back = BrowserReturn.at(request.port(), state)) {
      browser.accept(url(authorization, back.redirect(), state, nonce, verifier));
      String code = code(back.await(request.patience()));
      return exchanged(token, code, back.redirect(), verifier, nonce);
    }
  }

  private static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private URI url(URI authorization, String redirect, String state, String nonce, String verifier) {
    TreeSet<String> scopes = new TreeSet<>(request.scopes());
    scopes.add("openid");
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("response_type", "code");
    fields.put("client_id", request.client());
    fields.put("redirect_uri", redirect);
    fields.put("scope", String.join(" ", scopes));
    fields.put("state", state);
    fields.put("nonce", nonce);
    fields.put(
        "code_challenge", base64(Digests.sha256(verifier.getBytes(StandardCharsets.US_ASCII))));
    fields.put("code_challenge_method", "S256");
    if (request.resource() != null) {
      fields.put("resource", request.resource());
    }
    String start = authorization.toString();
    return URI.create(start + (start.contains("?") ? "&" : "?") + UrlEncoded.write(fields));
  }

  private String code(Map<String, String> answer) {
    String issuer = answer.get("iss");
    if (issuer != null && !issuer.equals(request.provider())) {
      throw OperationException.refused("login_refused", "another provider answers");
    }
    String error = OperationException.codeOrNull(answer.get("error"));
    String code = answer.get("code");
    if (answer.containsKey("error") || code == null) {
      throw OperationException.refused(
          "login_refused", "the provider signs nobody in" + (error == null ? "" : ": " + error));
    }
    return code;
  }

  private String exchanged(
      URI endpoint, String code, String redirect, String verifier, String nonce) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", "authorization_code");
    fields.put("code", code);
    fields.put("redirect_uri", redirect);
    fields.put("client_id", request.client());
    fields.put("code_verifier", verifier);
    if (request.resource() != null) {
      fields.put("resource", request.resource());
    }
    Exchanged answer = Exchanged.post(endpoint, fields);
    if (answer.status() != 200) {
      throw answer.refusal("the provider");
    }
    String id = answer.text("id_token");
    if (id == null || id.length() > MAX_TOKEN) {
      throw invalid("it gives no ID token");
    }
    requireOwn(id, nonce);
    String wanted = answer.text(request.kind().member);
    if (wanted == null || wanted.length() > MAX_TOKEN) {
      throw invalid("it gives no " + request.kind().member);
    }
    return wanted;
  }

  /**
   * Looks whether an ID token belongs to this sign-in. It came from the provider itself, over TLS,
   * so its signature says nothing more; the issuer looks at it.
   */
  private void requireOwn(String token, String nonce) {
    String[] parts = token.split("\\.", -1);
    byte[] payload = parts.length == 3 ? Given.base64(parts[1]) : null;
    if (payload == null) {
      throw invalid("it is no JWT");
    }
    JsonMembers<OperationException> claims = CLAIMS.read(payload, "it");
    if (!request.provider().equals(claims.textOrNull("iss"))) {
      throw invalid("it is of another provider");
    }
    if (!nonce.equals(claims.textOrNull("nonce"))) {
      throw invalid("it belongs to another sign-in");
    }
    if (!claims.textOrTexts("aud").contains(request.client())) {
      throw invalid("it is for another client");
    }
    Instant end = Instant.ofEpochSecond(claims.has("exp") ? seconds(claims.json("exp")) : 0);
    if (!clock.instant().isBefore(end.plus(SKEW))) {
      throw invalid("it has ended; is this machine's clock right?");
    }
  }

  /** A number of seconds since 1970, which no reader of times refuses; 0 for anything else. */
  private static long seconds(String json) {
    try {
      return new BigDecimal(json).max(BigDecimal.ZERO).min(MAX_SECONDS).longValue();
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static OperationException invalid(String why) {
    return OperationException.refused(
        "invalid_provider_token", "the provider's token is not taken: " + why);
  }
}
