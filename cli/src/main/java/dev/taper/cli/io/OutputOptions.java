package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a result goes. */
public final class OutputOptions {
  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write to a file that only its owner can read. Default: standard output.")
  private @Nullable String file;

  @Option(names = "--raw", description = "Write raw bytes, not base64url text.")
  private boolean raw;

  /** The file, or null for standard output. */
  @Nullable String file() {
    return file;
  }

  /** Whether raw bytes are wanted. */
  boolean raw() {
    return raw;
  }
}
