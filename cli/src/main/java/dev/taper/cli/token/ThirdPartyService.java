package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.ThirdPartyRequest;
import dev.taper.token.UnverifiedToken;

/** Requests, signs and appends third-party blocks. */
final class ThirdPartyService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  ThirdPartyService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** Makes a request on a token and writes it. */
  ExitCode request(EncodedInput token, OutputOptions target) {
    ThirdPartyRequest request = tokens.read(token).thirdPartyRequest();
    tokens.write(target, request::encode, request::encodeBase64);
    return ExitCode.OK;
  }

  /** Signs a block for a request and writes it. */
  ExitCode sign(EncodedInput request, KeyInput key, BlockFileOption block, OutputOptions target) {
    ThirdPartyRequest from =
        tokens.read(request, ThirdPartyRequest::decode, ThirdPartyRequest::decode);
    PrivateKey external = new Keys(inputs).privateKey(key);
    Block content = block.read(console, inputs);
    ThirdPartyBlock signed = from.sign(external, content);
    external.destroy();
    tokens.write(target, signed::encode, signed::encodeBase64);
    return ExitCode.OK;
  }

  /** Appends a signed block to its token and writes the new one. */
  ExitCode append(EncodedInput token, EncodedInput contents, OutputOptions target) {
    UnverifiedToken from = tokens.read(token);
    ThirdPartyBlock block = tokens.read(contents, ThirdPartyBlock::decode, ThirdPartyBlock::decode);
    UnverifiedToken longer = Tokens.checked(() -> from.append(block));
    tokens.write(target, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }
}
