package dev.taper.cli.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.DelegationChain;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;

/** {@code taper attenuate}. */
public final class AttenuateCommand extends ConsoleCommand {
  private final TokenInput token = part(new TokenInput());
  private final BlockFileOption block = part(new BlockFileOption());
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public AttenuateCommand(Console console) {
    super(
        console,
        "attenuate",
        "Append a block to a token, offline and without the root key; it can only narrow.");
  }

  @Override
  protected ExitCode run() {
    block.check();
    Inputs inputs = new Inputs(console);
    Tokens tokens = new Tokens(inputs, new Outputs(console));
    UnverifiedToken from = tokens.read(token.input(console));
    Block added = block.read(console, inputs);
    UnverifiedToken narrowed = Tokens.checked(() -> from.attenuate(added));
    requireProfile(narrowed);
    tokens.write(output, narrowed::encode, narrowed::encodeBase64);
    return ExitCode.OK;
  }

  /** Refuses to break the profile: every verifier would refuse such a token, for good. */
  private static void requireProfile(UnverifiedToken token) {
    try {
      DelegationChain unused = Tokens.checked(() -> DelegationChain.claimedBy(token));
    } catch (TaperException e) {
      if (e.code() == ErrorCode.PROFILE_VIOLATION) {
        throw new TaperException(
            e.code(), "this is a delegation token, and would be none any more: " + e.getMessage());
      } else if (e.code() != ErrorCode.NOT_A_DELEGATION) {
        throw e;
      }
    }
  }
}
