package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.token.ThirdPartyBlock;

/** {@code taper third-party sign}. */
final class ThirdPartySignCommand extends ConsoleCommand {
  private final Value<String> request =
      parameter("0", "1", "REQUEST", "File with the request, or - for standard input.")
          .requiredText();

  private final Flag raw = flag("--raw-input", "The request is raw bytes, not base64url text.");

  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final BlockFileOption block = part(new BlockFileOption());
  private final OutputOptions output = part(new OutputOptions());

  ThirdPartySignCommand(Console console) {
    super(console, "sign", "Sign a block for the token that a request comes from.");
  }

  @Override
  protected ExitCode run() {
    block.check();
    KeyInput signer = key.input(console);
    Source source = Source.ofFile(request.get());
    ThirdPartyBlock.Request from =
        tokens.read(
            new EncodedInput(source, raw.given()),
            ThirdPartyBlock.Request::decode,
            ThirdPartyBlock.Request::decode);
    ThirdPartyBlock signed =
        keys.signing(signer, external -> from.sign(external, block.read(console, inputs)));
    tokens.write(output, signed::encode, signed::encodeBase64);
    return ExitCode.OK;
  }
}
