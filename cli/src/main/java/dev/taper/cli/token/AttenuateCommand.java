package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.TokenInput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper attenuate}. */
@Command(
    name = "attenuate",
    description =
        "Append a block to a token, offline and without the root key; it can only narrow.")
public final class AttenuateCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final BlockFileOption file = new BlockFileOption();
  @Mixin private final BlockOptions block = new BlockOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public AttenuateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new AttenuateService(console)
        .run(token.input(console), file.input(block), output.target())
        .status();
  }
}
