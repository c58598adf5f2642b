package dev.taper;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that Taper throws on purpose. A refusal of a request is a value,
 * never an exception; this type means that the input was malformed, forged, too large or
 * impossible.
 *
 * <p>Callers decide by {@link #code()}; the message is for people and may change.
 */
public class TaperException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /**
   * Makes an exception.
   *
   * @param code what went wrong, stable across releases
   * @param message one sentence for people; must hold no secret
   */
  public TaperException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param code what went wrong, stable across releases
   * @param message one sentence for people; must hold no secret
   * @param cause the underlying failure, or null
   */
  public TaperException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Returns the code, which says what went wrong. */
  public final ErrorCode code() {
    return code;
  }
}
