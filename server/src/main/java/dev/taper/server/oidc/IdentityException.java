package dev.taper.server.oidc;

import java.util.Locale;

/**
 * A token of a provider that is not taken. It has no stack trace: anybody can cause it. The message
 * is one sentence that holds nothing of the token.
 */
public final class IdentityException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a token is not taken. */
  public enum Code {
    /** It is no signed JWT, or lacks a claim that it must have. */
    MALFORMED,
    /** It is of another issuer. */
    ISSUER,
    /** It is for another audience. */
    AUDIENCE,
    /** It has ended. */
    EXPIRED,
    /** It has not begun, or was made in the future. */
    NOT_YET_VALID,
    /** Its signature, key or algorithm is not good. */
    SIGNATURE,
    /** The provider's keys cannot be known now. */
    UNAVAILABLE;

    /** The code in lower case. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Code code;

  /** Refuses a token, in one sentence. */
  public IdentityException(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** Why. */
  public Code code() {
    return code;
  }
}
