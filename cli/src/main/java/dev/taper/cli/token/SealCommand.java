package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.TokenInput;
import dev.taper.token.UnverifiedToken;

/** {@code taper seal}. */
public final class SealCommand extends ConsoleCommand {
  private final TokenInput token = part(new TokenInput());
  private final HolderStep sealing = part(new HolderStep("a held token is sealed by its holder"));
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public SealCommand(Console console) {
    super(
        console,
        "seal",
        "Seal a token, so that nobody can append to it.",
        "A held token is sealed by its holder: with --key. From then on anyone who has it can use"
            + " it.");
  }

  @Override
  protected ExitCode run() {
    UnverifiedToken from = tokens.read(token.input(console));
    UnverifiedToken sealed =
        sealing.take(from, UnverifiedToken::seal, UnverifiedToken::seal, console);
    tokens.write(output, sealed::encode, sealed::encodeBase64);
    return ExitCode.OK;
  }
}
