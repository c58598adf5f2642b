package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/** A failure of the command line itself: a wrong option, an unreadable file. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;
  private final String code;

  /**
   * Makes an exception.
   *
   * @param exit how the process ends
   * @param code the stable code printed behind the message
   * @param message one sentence for people
   * @param cause the underlying failure, or null
   */
  public CliException(ExitCode exit, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exit = exit;
    this.code = code;
  }

  /** A command line that makes no sense. */
  public static CliException usage(String message) {
    return new CliException(ExitCode.USAGE, "usage", message, null);
  }

  /** A file or stream that cannot be used. */
  public static CliException io(String message, @Nullable Throwable cause) {
    return new CliException(ExitCode.IO, "io", message, cause);
  }

  /** How the process ends. */
  public ExitCode exit() {
    return exit;
  }

  /** The stable code printed behind the message. */
  public String code() {
    return code;
  }
}
