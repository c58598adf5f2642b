package dev.taper.cli.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.DelegationChain;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Tokens;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;

/** Narrows tokens. */
final class AttenuateService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  AttenuateService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /**
   * Appends a block to a token and writes the new one.
   *
   * @throws TaperException {@link ErrorCode#PROFILE_VIOLATION} if the token is a delegation token
   *     and the block is none for it
   */
  ExitCode run(EncodedInput token, BlockFileOption block, OutputOptions target) {
    UnverifiedToken from = tokens.read(token);
    Block added = block.read(console, inputs);
    UnverifiedToken narrowed = Tokens.checked(() -> from.attenuate(added));
    requireProfile(narrowed);
    tokens.write(target, narrowed::encode, narrowed::encodeBase64);
    return ExitCode.OK;
  }

  /** A delegation token that breaks its profile would be refused everywhere, and for good. */
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
