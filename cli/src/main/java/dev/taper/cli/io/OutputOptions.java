package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/** Where a result goes. */
public final class OutputOptions extends Arguments {
  private final Value<@Nullable String> file = outFile();

  private final Flag raw = flag("--raw", "Write raw bytes, not base64url text.");

  private final Flag json =
      flag("--json", "Print where the result went, or the result, or the error, as JSON.");

  /** Whether JSON is wanted. */
  boolean json() {
    return json.given();
  }

  /** The file, or null for standard output. */
  @Nullable String file() {
    return file.get();
  }

  /** Whether raw bytes are wanted. */
  boolean raw() {
    return raw.given();
  }
}
