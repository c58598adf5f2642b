package dev.taper.cli.io;

/** What to read, and how much of it at most; the bounds are far above anything of use. */
public enum InputKind {
  /** A token, third-party request, third-party block or snapshot. */
  TOKEN("token", 4 << 20, ExitCode.INVALID_TOKEN),
  /** Datalog text. */
  DATALOG("Datalog", 4 << 20, ExitCode.IO),
  /** A key. */
  KEY("key", 64 << 10, ExitCode.IO),
  /** A key set. */
  KEY_SET("key set", 4 << 20, ExitCode.IO),
  /** A call of a tool, as JSON. */
  REQUEST("request", 256 << 10, ExitCode.INVALID_TOKEN),
  /** The content of an HTTP request, or the params of a message. */
  CONTENT("content of the call", 16 << 20, ExitCode.INVALID_TOKEN),
  /** A catalog of tools. */
  CATALOG("catalog", 4 << 20, ExitCode.IO),
  /** What a server of the Model Context Protocol says of its tools. */
  TOOLS_LIST("list of tools", 4 << 20, ExitCode.IO),
  /** A request for approval. */
  APPROVAL_REQUEST("request for approval", 4 << 20, ExitCode.INVALID_TOKEN),
  /** An approval. */
  APPROVAL("approval", 16 << 10, ExitCode.INVALID_TOKEN),
  /** A decision, as JSON. */
  DECISION("decision", 1 << 20, ExitCode.INVALID_TOKEN),
  /** A holder's proof. */
  PROOF("proof", 4 << 10, ExitCode.INVALID_TOKEN),
  /** A file of names and their keys. */
  NAMES_FILE("file of names", 1 << 20, ExitCode.IO),
  /** Names of people, a line each. */
  NAMES("list of names", 4 << 20, ExitCode.IO),
  /** A passphrase. */
  PASSPHRASE("passphrase", 4 << 10, ExitCode.IO),
  /** A file of test cases. */
  TEST_CASES("test cases", 64 << 20, ExitCode.IO);

  private final String text;
  private final int maxBytes;
  private final ExitCode whenWrong;

  InputKind(String text, int maxBytes, ExitCode whenWrong) {
    this.text = text;
    this.maxBytes = maxBytes;
    this.whenWrong = whenWrong;
  }

  /** What it is called in messages. */
  public String text() {
    return text;
  }

  /** The largest size accepted, in bytes. */
  public int maxBytes() {
    return maxBytes;
  }

  /** How the process ends if it is larger, or no text where it has to be. */
  public ExitCode whenWrong() {
    return whenWrong;
  }
}
