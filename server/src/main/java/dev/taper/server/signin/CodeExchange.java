package dev.taper.server.signin;

import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.operations.OperationException;
import dev.taper.operations.WebAnswer;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityException.Code;
import dev.taper.server.oidc.IdentityTokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with a provider about a sign-in: where a person is sent, and what the code that comes back
 * says. Few at once, so that a slow provider takes few threads. Thread-safe.
 */
final class CodeExchange {
  private static final int MAX_BYTES = 128 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 8;

  private final IdentityTokens provider;
  private final SignInClient client;
  private final Semaphore turns = new Semaphore(AT_ONCE);

  CodeExchange(IdentityTokens provider, SignInClient client) {
    this.provider = provider;
    this.client = client;
  }

  /** The URL at which a person signs in. */
  String url(Attempts.Attempt attempt, String redirect) throws IdentityException {
    TreeSet<String> scopes = new TreeSet<>(client.scopes());
    scopes.add("openid");
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("response_type", "code");
    fields.put("client_id", client.id());
    fields.put("redirect_uri", redirect);
    fields.put("scope", String.join(" ", scopes));
    fields.put("state", attempt.state());
    fields.put("nonce", attempt.nonce());
    fields.put("code_challenge", attempt.challenge());
    fields.put("code_challenge_method", "S256");
    String url = inTurn(() -> needed(provider.endpoints().authorization())).toString();
    return url + (url.contains("?") ? "&" : "?") + UrlEncoded.write(fields);
  }

  /**
   * What the provider says of whoever came back with a code.
   *
   * @param issuer who the answer says it is from; null if it does not say
   * @throws IdentityException if the code or the ID token is not taken
   */
  Identity identity(Attempts.Attempt attempt, String code, @Nullable String issuer, String redirect)
      throws IdentityException {
    return inTurn(
        () -> {
          if (issuer != null && !issuer.equals(provider.provider().issuer())) {
            throw new IdentityException(Code.ISSUER, "the answer is from another provider");
          }
          Identity identity = provider.verify(idToken(attempt, code, redirect), client.id());
          String nonce = identity.nonce();
          if (nonce == null || !Secrets.same(nonce, attempt.nonce())) {
            throw new IdentityException(Code.MALFORMED, "the ID token belongs to another sign-in");
          }
          String party = identity.party();
          boolean isShared = identity.audience().size() > 1;
          if (party == null ? isShared : !party.equals(client.id())) {
            throw new IdentityException(Code.AUDIENCE, "the ID token was made for another client");
          }
          return identity;
        });
  }

  private static URI needed(@Nullable URI endpoint) throws IdentityException {
    if (endpoint == null) {
      throw unavailable("the provider does not say where people sign in");
    }
    return endpoint;
  }

  private static IdentityException unavailable(String why) {
    return new IdentityException(Code.UNAVAILABLE, why);
  }

  private String idToken(Attempts.Attempt attempt, String code, String redirect)
      throws IdentityException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", "authorization_code");
    fields.put("code", code);
    fields.put("redirect_uri", redirect);
    fields.put("code_verifier", attempt.verifier());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(needed(provider.endpoints().token()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
    String secret = client.secret();
    if (secret == null) {
      fields.put("client_id", client.id());
    } else {
      String pair = UrlEncoded.encode(client.id()) + ":" + UrlEncoded.encode(secret);
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    WebAnswer answer;
    try {
      answer =
          WebAnswer.to(
              request.POST(BodyPublishers.ofString(UrlEncoded.write(fields))).build(),
              MAX_BYTES,
              PATIENCE);
    } catch (OperationException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    }
    if (answer.status() >= 500) {
      throw unavailable("the provider answers with status " + answer.status());
    }
    if (answer.status() != 200) {
      throw new IdentityException(Code.MALFORMED, "the provider does not take the code");
    }
    try {
      return CanonicalJson.string(
          CanonicalJson.membersOfDocument(answer.text()).getOrDefault("id_token", "0"), "id_token");
    } catch (TaperException e) {
      throw new IdentityException(Code.MALFORMED, "the provider answers without an ID token");
    }
  }

  /** A question to the provider. */
  private interface Asking<T> {
    T ask() throws IdentityException;
  }

  private <T> T inTurn(Asking<T> question) throws IdentityException {
    if (!turns.tryAcquire()) {
      throw unavailable("too many people sign in at once");
    }
    try {
      return question.ask();
    } finally {
      turns.release();
    }
  }
}
