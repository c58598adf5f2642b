package dev.taper.operations.keeper;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that a keeper has. Immutable and thread-safe.
 *
 * @param name what the keeper calls it
 * @param token the token in base64url, which is of no use without its holder's key
 * @param key the keeper's name of the holder's key
 * @param holder the holder's name in the token
 * @param delegator for whom the first agent acts
 * @param task what it is for
 * @param audiences the services for which it is used; empty for all
 * @param authority what is left of the authority, in words
 * @param expires when the authority ends; null if it does not say
 * @param until when the keeper forgets it; null for never
 */
public record KeptToken(
    String name,
    String token,
    String key,
    String holder,
    String delegator,
    String task,
    List<String> audiences,
    String authority,
    @Nullable Instant expires,
    @Nullable Instant until) {
  /**
   * Where a token is renewed.
   *
   * @param url of the issuer's {@code /v1/renew}
   * @param issuer the issuer as an audience, from its user's own configuration
   */
  public record Renewal(String url, String issuer) {}

  /** Copies the list. */
  public KeptToken {
    audiences = List.copyOf(audiences);
  }

  /** Who holds it, by which name. */
  @Override
  public String toString() {
    return "KeptToken(" + name + ", held by " + holder + ")";
  }
}
