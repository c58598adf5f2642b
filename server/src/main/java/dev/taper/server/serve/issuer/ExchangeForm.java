package dev.taper.server.serve.issuer;

import dev.taper.server.issuer.Ask;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.ExchangeException.OauthError;
import dev.taper.server.issuer.ExchangeRequest;
import java.util.Set;

/** Reads a request of token exchange (RFC 8693) from its form. Stateless and thread-safe. */
public final class ExchangeForm {
  /** The type of grant. */
  public static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";

  /** The type of the agent's proof, as the actor's token. */
  public static final String PROOF_TYPE = "dev.taper:exchange-proof";

  /** The type of what is issued. */
  public static final String TOKEN_TYPE = "dev.taper:token";

  private static final String TYPES = "urn:ietf:params:oauth:token-type:";
  private static final Set<String> SUBJECT_TYPES =
      Set.of(TYPES + "id_token", TYPES + "jwt", TYPES + "access_token");

  private ExchangeForm() {}

  /**
   * Reads a form. What it does not know it ignores, as OAuth has it, unless the agent would think
   * that it holds.
   *
   * @throws ExchangeException if it is another request, or lacks something
   */
  public static ExchangeRequest read(FormContent form) throws ExchangeException {
    if (!form.needed("grant_type").equals(GRANT_TYPE)) {
      throw new ExchangeException(
          OauthError.UNSUPPORTED_GRANT_TYPE, "unsupported_grant_type", "tokens are exchanged here");
    }
    if (form.optional("scope") != null) {
      throw new ExchangeException(
          OauthError.INVALID_SCOPE,
          "invalid_scope",
          "there are no scopes: use authorization_details");
    }
    if (form.optional("resource") != null || form.optional("audience") != null) {
      throw new ExchangeException(
          OauthError.INVALID_TARGET,
          "invalid_target",
          "the services stand in authorization_details, as audience");
    }
    String wanted = form.optional("requested_token_type");
    if (wanted != null && !wanted.equals(TOKEN_TYPE)) {
      throw FormContent.invalid("what is issued is of the type " + TOKEN_TYPE);
    }
    if (!SUBJECT_TYPES.contains(form.needed("subject_token_type"))) {
      throw FormContent.invalid("a subject token is a JWT: of the type " + TYPES + "id_token");
    }
    if (!form.needed("actor_token_type").equals(PROOF_TYPE)) {
      throw FormContent.invalid("the actor token is a proof, of the type " + PROOF_TYPE);
    }
    String details = form.needed("authorization_details");
    if (details.length() > Ask.MAX_TEXT) {
      throw FormContent.invalid(
          "authorization_details have at most " + Ask.MAX_TEXT + " characters");
    }
    return new ExchangeRequest(
        form.needed("subject_token"),
        form.needed("actor_token"),
        details,
        form.optional("client_id"));
  }
}
