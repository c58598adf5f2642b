package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Inputs;
import dev.taper.datalog.Block;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The file with a block's Datalog, for commands whose first parameter is something else. */
final class BlockFileOption {
  @Option(
      names = "--block-file",
      paramLabel = "FILE",
      description = "File with the block's Datalog, or - for standard input.")
  private @Nullable String file;

  @Mixin private final BlockOptions block = new BlockOptions();

  /**
   * Refuses a text that is given twice.
   *
   * @throws dev.taper.cli.io.CliException if it is
   */
  void check() {
    block.check("--block-file", file);
  }

  /** The new block's Datalog, from this file or the other options. */
  Block read(Console console, Inputs inputs) {
    return block.read(console, inputs, file);
  }
}
