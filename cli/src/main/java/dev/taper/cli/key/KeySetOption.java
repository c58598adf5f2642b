package dev.taper.cli.key;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Value;

/** The key set that a command changes. */
final class KeySetOption extends Arguments {
  private final Value<String> file =
      option("--keys", "FILE", "The key set (JSON) with the root keys that verifiers trust.")
          .requiredText();

  /** The file. */
  String file() {
    return file.get();
  }
}
