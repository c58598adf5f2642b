package dev.taper.cli.service;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.datalog.Block;
import dev.taper.token.UnverifiedToken;

/** Narrows tokens. */
public final class AttenuateService {
  private final Blocks blocks;
  private final Tokens tokens;

  /** Works in the given console. */
  public AttenuateService(Console console) {
    Inputs inputs = new Inputs(console);
    this.blocks = new Blocks(console, inputs);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** Appends a block to a token and writes the new one. */
  public ExitCode run(EncodedInput token, BlockInput block, OutputTarget target) {
    UnverifiedToken from = tokens.read(token);
    Block added = blocks.read(block);
    UnverifiedToken narrowed = Tokens.checked(() -> from.attenuate(added));
    tokens.write(target, narrowed::encode, narrowed::encodeBase64);
    return ExitCode.OK;
  }
}
