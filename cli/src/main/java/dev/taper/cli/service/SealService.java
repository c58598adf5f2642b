package dev.taper.cli.service;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.token.UnverifiedToken;

/** Seals tokens. */
public final class SealService {
  private final Tokens tokens;

  /** Works in the given console. */
  public SealService(Console console) {
    this.tokens = new Tokens(new Inputs(console), new Outputs(console));
  }

  /** Seals a token and writes the new one. */
  public ExitCode run(EncodedInput token, OutputTarget target) {
    UnverifiedToken from = tokens.read(token);
    UnverifiedToken sealed = Tokens.checked(from::seal);
    tokens.write(target, sealed::encode, sealed::encodeBase64);
    return ExitCode.OK;
  }
}
