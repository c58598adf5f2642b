package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.token.Token;
import org.jspecify.annotations.Nullable;

/** Finds the token of a request: by its name, or as it is. */
final class HeldTokens {
  private final TokenShelf shelf;

  HeldTokens(TokenShelf shelf) {
    this.shelf = shelf;
  }

  /**
   * A token and the service that it is used for.
   *
   * @param token the token
   * @param audience the service
   */
  record Use(AgentToken token, String audience) {}

  /**
   * Finds a token for a service.
   *
   * @param given its name, or the token
   * @param audience the service; null for the token's only one
   * @throws KeeperRefusal {@code unknown_token}; {@code audience_required}; {@code other_audience};
   *     {@code not_held}
   */
  Use use(String given, @Nullable String audience) {
    HeldToken kept = KeeperNames.isName(given) ? shelf.get(given) : shelf.ofText(given);
    if (kept != null) {
      return new Use(kept.token(), kept.audience(audience));
    }
    if (audience == null) {
      throw KeeperRefusal.of(
          400, "audience_required", "say for which service: the keeper does not keep this token");
    }
    return new Use(read(given), audience);
  }

  /**
   * Finds a token.
   *
   * @throws KeeperRefusal {@code unknown_token}; {@code not_held}
   */
  AgentToken token(String given) {
    return KeeperNames.isName(given) ? shelf.get(given).token() : read(given);
  }

  /**
   * Reads a token that somebody holds.
   *
   * @throws KeeperRefusal {@code not_held}, or what is wrong with it
   */
  static AgentToken read(String text) {
    try {
      AgentToken token = AgentToken.decode(text);
      if (token.token().kind() == Token.Kind.HELD) {
        return token;
      }
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    }
    throw KeeperRefusal.of(
        409, "not_held", "a keeper uses tokens that a key holds; this one needs no key");
  }
}
