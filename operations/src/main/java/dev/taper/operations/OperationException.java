package dev.taper.operations;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure of an operation, not of the engine: a place that cannot be read, a request that makes
 * no sense, a log that is not to be relied on.
 */
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; front ends map it to an exit code or a status. */
  public enum Kind {
    /** What was asked for makes no sense. */
    USAGE,
    /** What was found is not to be relied on. */
    REFUSED,
    /** What was asked for makes sense, and there is nothing of it. */
    NOTHING,
    /** A file, address or database cannot be read or written. */
    IO
  }

  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

  private final Kind kind;
  private final String code;

  /**
   * Makes an exception.
   *
   * @param kind what kind of failure it is
   * @param code the stable code, in lower case
   * @param message one sentence for people
   * @param cause the underlying failure, or null
   */
  public OperationException(Kind kind, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.code = code;
  }

  /** A request that makes no sense; its code is {@code usage}. */
  public static OperationException usage(String message) {
    return new OperationException(Kind.USAGE, "usage", message, null);
  }

  /** Nothing of what was asked for is there; its code is {@code nothing_found}. */
  public static OperationException nothing(String message) {
    return new OperationException(Kind.NOTHING, "nothing_found", message, null);
  }

  /** A place that cannot be read or written; its code is {@code io}. */
  public static OperationException io(String message, @Nullable Throwable cause) {
    return new OperationException(Kind.IO, "io", message, cause);
  }

  /**
   * What was found is not to be relied on, or is refused.
   *
   * @param code the stable code, in lower case
   */
  public static OperationException refused(String code, String message) {
    return refused(code, message, null);
  }

  /**
   * What was found is not to be relied on, or is refused.
   *
   * @param code the stable code, in lower case
   * @param cause the underlying failure, or null
   */
  public static OperationException refused(String code, String message, @Nullable Throwable cause) {
    return new OperationException(Kind.REFUSED, code, message, cause);
  }

  /** A code that a server states; null for what has not the form of one. */
  public static @Nullable String codeOrNull(@Nullable String text) {
    return text != null && CODE.matcher(text).matches() ? text : null;
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** The stable code, in lower case. */
  public String code() {
    return code;
  }
}
