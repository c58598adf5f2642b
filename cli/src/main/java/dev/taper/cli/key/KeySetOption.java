package dev.taper.cli.key;

import picocli.CommandLine.Option;

/** The key set that a command changes. */
final class KeySetOption {
  @Option(
      names = "--keys",
      required = true,
      paramLabel = "FILE",
      description = "The key set (JSON) with the root keys that verifiers trust.")
  private String file = "";

  /** The file. */
  String file() {
    return file;
  }
}
