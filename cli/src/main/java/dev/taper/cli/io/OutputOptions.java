package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/** Where a result goes. */
public final class OutputOptions extends Arguments {
  private final Value<@Nullable String> file =
      option(
              "-o, --out",
              "FILE",
              "Write to a file that only its owner can read. Default: standard output.")
          .text();

  private final Flag raw = flag("--raw", "Write raw bytes, not base64url text.");

  /** The file, or null for standard output. */
  @Nullable String file() {
    return file.get();
  }

  /** Whether raw bytes are wanted. */
  boolean raw() {
    return raw.given();
  }
}
