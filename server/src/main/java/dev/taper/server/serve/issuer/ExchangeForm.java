package dev.taper.server.serve.issuer;

import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.ExchangeException.OauthError;
import dev.taper.server.issuer.ExchangeRequest;
import dev.taper.server.issuer.GrantRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads a request of token exchange (RFC 8693) from its form. Stateless and thread-safe. */
public final class ExchangeForm {
  /** The type of grant. */
  public static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";

  /** The type of the agent's proof, as the actor's token. */
  public static final String PROOF_TYPE = "dev.taper:exchange-proof";

  /** The type of what is issued. */
  public static final String TOKEN_TYPE = "dev.taper:token";

  /** The most bytes of a form. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_PARAMETERS = 64;
  private static final String TYPES = "urn:ietf:params:oauth:token-type:";
  private static final Set<String> SUBJECT_TYPES =
      Set.of(TYPES + "id_token", TYPES + "jwt", TYPES + "access_token");

  private ExchangeForm() {}

  /**
   * Reads the parameters of a form. One without a value is as if it was not there (RFC 6749, 3.2).
   *
   * @param content {@code application/x-www-form-urlencoded}
   * @throws ExchangeException {@link OauthError#INVALID_REQUEST}
   */
  public static Map<String, String> parameters(byte[] content) throws ExchangeException {
    if (content.length > MAX_BYTES) {
      throw invalid("the form has more than " + MAX_BYTES + " bytes");
    }
    try {
      Map<String, String> parameters =
          new LinkedHashMap<>(UrlEncoded.fieldsWithValues(content, MAX_PARAMETERS, "form"));
      parameters.values().removeIf(String::isEmpty);
      return parameters;
    } catch (TaperException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads a request from its parameters. What it does not know it ignores, as OAuth has it, unless
   * the agent would think that it holds.
   *
   * @throws ExchangeException if it is another request, or lacks something
   */
  public static ExchangeRequest read(Map<String, String> form) throws ExchangeException {
    if (!needed(form, "grant_type").equals(GRANT_TYPE)) {
      throw new ExchangeException(
          OauthError.UNSUPPORTED_GRANT_TYPE, "unsupported_grant_type", "tokens are exchanged here");
    }
    if (form.get("scope") != null) {
      throw new ExchangeException(
          OauthError.INVALID_SCOPE,
          "invalid_scope",
          "there are no scopes: use authorization_details");
    }
    if (form.get("resource") != null || form.get("audience") != null) {
      throw new ExchangeException(
          OauthError.INVALID_TARGET,
          "invalid_target",
          "the services stand in authorization_details, as audience");
    }
    String wanted = form.get("requested_token_type");
    if (wanted != null && !wanted.equals(TOKEN_TYPE)) {
      throw invalid("what is issued is of the type " + TOKEN_TYPE);
    }
    if (!SUBJECT_TYPES.contains(needed(form, "subject_token_type"))) {
      throw invalid("a subject token is a JWT: of the type " + TYPES + "id_token");
    }
    if (!needed(form, "actor_token_type").equals(PROOF_TYPE)) {
      throw invalid("the actor token is a proof, of the type " + PROOF_TYPE);
    }
    String details = needed(form, "authorization_details");
    if (details.length() > GrantRequest.MAX_TEXT) {
      throw invalid("authorization_details have at most " + GrantRequest.MAX_TEXT + " characters");
    }
    return new ExchangeRequest(
        needed(form, "subject_token"), needed(form, "actor_token"), details, form.get("client_id"));
  }

  private static String needed(Map<String, String> form, String name) throws ExchangeException {
    String value = form.get(name);
    if (value == null) {
      throw invalid(name + " is missing");
    }
    return value;
  }

  static ExchangeException invalid(String why) {
    return new ExchangeException(OauthError.INVALID_REQUEST, "invalid_request", why);
  }
}
