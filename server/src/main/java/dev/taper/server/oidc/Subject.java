package dev.taper.server.oidc;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * Somebody at a provider: the only name of a person that counts. An e-mail address or a user name
 * can change hands, and providers differ in who may choose one. Immutable and thread-safe.
 *
 * @param issuer the provider, as its tokens' {@code iss}
 * @param id who, as their {@code sub}
 */
public record Subject(String issuer, String id) {
  private static final int MAX = 255; // as OpenID Connect has it

  /**
   * Checks the parts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is empty or too long
   */
  public Subject {
    if (issuer.isBlank() || id.isBlank() || id.length() > MAX || issuer.length() > 8 * MAX) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a provider and its name of somebody are needed");
    }
  }
}
