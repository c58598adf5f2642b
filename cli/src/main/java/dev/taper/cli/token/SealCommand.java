package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper seal}. */
@Command(
    name = "seal",
    description = {
      "Seal a token, so that nobody can append to it.",
      "A held token is sealed by its holder: with --key."
    })
public final class SealCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public SealCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new SealService(console)
        .run(token.input(console), key.optional(console), output.target())
        .status();
  }
}
