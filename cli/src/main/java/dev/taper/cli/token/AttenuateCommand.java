package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.TokenInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper attenuate}. */
@Command(
    name = "attenuate",
    description =
        "Append a block to a token, offline and without the root key; it can only narrow.")
public final class AttenuateCommand extends ConsoleCommand {
  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final BlockFileOption block = new BlockFileOption();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public AttenuateCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    block.check();
    return new AttenuateService(console).run(token.input(console), block, output);
  }
}
