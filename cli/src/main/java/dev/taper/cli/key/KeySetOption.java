package dev.taper.cli.key;

import picocli.CommandLine.Option;

/** The key set that a command changes. */
public final class KeySetOption {
  @Option(
      names = "--keys",
      required = true,
      paramLabel = "FILE",
      description = "The key set (JSON) with the root keys that verifiers trust.")
  private String file = "";

  /** The file. */
  public String file() {
    return file;
  }
}
