package dev.taper.server.serve.issuer;

import dev.taper.JsonFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.GrantRequest;
import dev.taper.server.issuer.Issued;
import java.util.List;

/** Writes answers of the token endpoint. Stateless and thread-safe. */
final class ExchangeJson {

  /** How often an agent looks whether the user has answered, in seconds. */
  private static final int INTERVAL = 5;

  private ExchangeJson() {}

  static HttpAnswer answer(int status, JsonFields members) {
    return HttpAnswer.json(status, members).with("Pragma", "no-cache");
  }

  /** A token that was issued. */
  static HttpAnswer issued(Issued issued) {
    JsonFields details =
        new JsonFields()
            .put("type", GrantRequest.TYPE)
            .put("template", issued.template())
            .put("task", issued.task().id())
            .put("grants", issued.grants())
            .putIfAny("audience", issued.audience())
            .put("expires_in", issued.lifetime().toSeconds())
            .put("max_depth", issued.depth());
    return answer(
        200,
        new JsonFields()
            .put("access_token", issued.token().encodeBase64())
            .put("issued_token_type", ExchangeForm.TOKEN_TYPE)
            .put("token_type", "N_A") // it is no bearer token
            .put("expires_in", issued.lifetime().toSeconds())
            .put("authorization_details", List.of(details)));
  }

  /**
   * An exchange that is refused.
   *
   * @param issuer where the user confirms one that waits
   */
  static HttpAnswer refused(ExchangeException refusal, String issuer) {
    JsonFields fields =
        new JsonFields()
            .put("error", refusal.error().text())
            .put("error_description", ascii(String.valueOf(refusal.getMessage())))
            .put("code", refusal.code());
    if (!refusal.confirmation().isEmpty()) {
      fields.put("confirmation_uri", issuer + "/confirm#" + refusal.confirmation());
      fields.put("interval", INTERVAL);
    }
    return answer(refusal.error().status(), fields);
  }

  /** The characters that RFC 6749 lets a description have. */
  private static String ascii(String text) {
    return text.replaceAll("[^\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]", "'");
  }
}
