package dev.taper.cli.token;

import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputTarget;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.ThirdPartyRequest;
import dev.taper.token.UnverifiedToken;

/** Requests, signs and appends third-party blocks. */
public final class ThirdPartyService {
  private final Console console;
  private final Inputs inputs;
  private final Blocks blocks;
  private final Tokens tokens;

  /** Works in the given console. */
  public ThirdPartyService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.blocks = new Blocks(console, inputs);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** Makes a request on a token and writes it. */
  public ExitCode request(EncodedInput token, OutputTarget target) {
    ThirdPartyRequest request = tokens.read(token).thirdPartyRequest();
    tokens.write(target, request::encode, request::encodeBase64);
    return ExitCode.OK;
  }

  /** Signs a block for a request and writes it. */
  public ExitCode sign(EncodedInput request, KeyInput key, BlockInput block, OutputTarget target) {
    ThirdPartyRequest from =
        tokens.read(request, ThirdPartyRequest::decode, ThirdPartyRequest::decode);
    PrivateKey external = new Keys(console, inputs).privateKey(key);
    Block content = blocks.read(block);
    ThirdPartyBlock signed = from.sign(external, content);
    external.destroy();
    tokens.write(target, signed::encode, signed::encodeBase64);
    return ExitCode.OK;
  }

  /** Appends a signed block to its token and writes the new one. */
  public ExitCode append(EncodedInput token, EncodedInput contents, OutputTarget target) {
    UnverifiedToken from = tokens.read(token);
    ThirdPartyBlock block = tokens.read(contents, ThirdPartyBlock::decode, ThirdPartyBlock::decode);
    UnverifiedToken longer = Tokens.checked(() -> from.append(block));
    tokens.write(target, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }
}
