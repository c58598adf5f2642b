package dev.taper.cli.token;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file with a block's Datalog, where the first parameter is something else. */
public final class BlockFileOption {
  @Option(
      names = "--block-file",
      paramLabel = "FILE",
      description = "File with the block's Datalog, or - for standard input.")
  private @Nullable String file;

  /** What the block shall say, from this file or the other options. */
  public BlockInput input(BlockOptions options) {
    return options.input("--block-file", file);
  }
}
