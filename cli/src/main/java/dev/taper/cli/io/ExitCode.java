package dev.taper.cli.io;

/** What the process says to its caller. */
public enum ExitCode {
  /** Yes: the command did what it says, or the request is allowed. */
  OK(0),
  /** No: the request is denied, or could not be evaluated within its limits. */
  DENIED(1),
  /** The command line is wrong, or names a key that is not one. */
  USAGE(2),
  /**
   * A token, request, third-party block, snapshot or revocation list is malformed, forged or
   * outdated.
   */
  INVALID_TOKEN(3),
  /** Datalog text is wrong. */
  INVALID_DATALOG(4),
  /** A file, stream or database cannot be read or written. */
  IO(5),
  /** Nothing was found of what was asked for by name; an empty list is no such thing. */
  NOTHING(6),
  /** A defect in this program. */
  INTERNAL(70);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The number given to the operating system. */
  public int status() {
    return status;
  }
}
