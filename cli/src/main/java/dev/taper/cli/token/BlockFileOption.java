package dev.taper.cli.token;

import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Value;
import dev.taper.datalog.Block;
import org.jspecify.annotations.Nullable;

/** The file with a block's Datalog, for commands whose first parameter is something else. */
final class BlockFileOption extends Arguments {
  private final Value<@Nullable String> file =
      option("--block-file", "FILE", "File with the block's Datalog, or - for standard input.")
          .text();

  private final BlockOptions block = part(new BlockOptions());

  /**
   * Refuses a text that is given twice.
   *
   * @throws dev.taper.cli.io.CliException if it is
   */
  void check() {
    block.check("--block-file", file.get());
  }

  /** The new block's Datalog, from this file or the other options. */
  Block read(Console console, Inputs inputs) {
    return block.read(console, inputs, file.get());
  }
}
