package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper seal}. */
@Command(
    name = "seal",
    description = {
      "Seal a token, so that nobody can append to it.",
      "A held token is sealed by its holder: with --key."
    })
public final class SealCommand extends ConsoleCommand {
  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public SealCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new SealService(console)
        .run(token.input(console), key.optional(console), output);
  }
}
