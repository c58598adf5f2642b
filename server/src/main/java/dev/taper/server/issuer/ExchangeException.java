package dev.taper.server.issuer;

import java.util.Locale;

/**
 * An exchange that is refused. It has no stack trace: anybody can cause it. The message is one
 * sentence for the agent that holds nothing of the subject token.
 */
public final class ExchangeException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, in the words of OAuth. */
  public enum OauthError {
    /** The request, or one of its two tokens, is not good (RFC 6749, 8693). */
    INVALID_REQUEST(400),
    /** It asks for something else than an exchange (RFC 6749). */
    UNSUPPORTED_GRANT_TYPE(400),
    /** It asks for scopes, which are none here (RFC 6749). */
    INVALID_SCOPE(400),
    /** It asks for a resource or an audience, which stand in the details here (RFC 8707). */
    INVALID_TARGET(400),
    /** The details make no sense (RFC 9396). */
    INVALID_AUTHORIZATION_DETAILS(400),
    /** Nobody knows the agent (RFC 6749). */
    INVALID_CLIENT(401),
    /** Policies, or the user, do not grant it (RFC 6749, 8628). */
    ACCESS_DENIED(400),
    /** The user was asked and has not answered yet (RFC 8628). */
    AUTHORIZATION_PENDING(400),
    /** The user did not answer in time (RFC 8628). */
    EXPIRED_TOKEN(400),
    /** Too many of one kind at once (RFC 8628). */
    SLOW_DOWN(429),
    /** Something that is needed cannot be known or recorded now (RFC 6749). */
    TEMPORARILY_UNAVAILABLE(503);

    private final int status;

    OauthError(int status) {
      this.status = status;
    }

    /** The status of HTTP. */
    public int status() {
      return status;
    }

    /** The word of OAuth. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final OauthError error;
  private final String code;
  private final String confirmation;

  /**
   * Refuses an exchange.
   *
   * @param error in the words of OAuth
   * @param code why exactly, as a stable code
   * @param message one sentence
   */
  public ExchangeException(OauthError error, String code, String message) {
    this(error, code, message, "");
  }

  private ExchangeException(OauthError error, String code, String message, String confirmation) {
    super(message, null, false, false);
    this.error = error;
    this.code = code;
    this.confirmation = confirmation;
  }

  /** Says that the user has to confirm it, by the id of what waits. */
  static ExchangeException pending(String id) {
    return new ExchangeException(
        OauthError.AUTHORIZATION_PENDING, "consent_required", "the user has to confirm this", id);
  }

  /** Refuses what is unavailable, without saying why. */
  static ExchangeException unavailable() {
    return new ExchangeException(
        OauthError.TEMPORARILY_UNAVAILABLE,
        "unavailable",
        "this cannot be decided or recorded now");
  }

  /** What went wrong, in the words of OAuth. */
  public OauthError error() {
    return error;
  }

  /** Why exactly, as a stable code. */
  public String code() {
    return code;
  }

  /** The id of what the user has to confirm; empty if there is nothing. */
  public String confirmation() {
    return confirmation;
  }
}
