package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.TokenInput;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;

/** {@code taper attenuate}. */
public final class AttenuateCommand extends ConsoleCommand {
  private final TokenInput token = part(new TokenInput());
  private final BlockFileOption block = part(new BlockFileOption());
  private final HolderStep added = part(new HolderStep("only its holder adds to a held token"));
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public AttenuateCommand(Console console) {
    super(
        console,
        "attenuate",
        "Append a block to a token, offline and without the root key; it can only narrow.",
        "A held token is narrowed by its holder, with --key, and stays the holder's.");
  }

  @Override
  protected ExitCode run() {
    block.check();
    UnverifiedToken from = tokens.read(token.input(console));
    Block narrowing = block.read(console, inputs);
    UnverifiedToken narrowed =
        added.take(
            from,
            bearer -> bearer.attenuate(narrowing),
            (held, holder) -> held.delegate(narrowing, holder, holder.publicKey()),
            console);
    tokens.write(output, narrowed::encode, narrowed::encodeBase64);
    return ExitCode.OK;
  }
}
