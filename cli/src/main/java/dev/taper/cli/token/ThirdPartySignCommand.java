package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.PrivateKey;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.ThirdPartyRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper third-party sign}. */
@Command(name = "sign", description = "Sign a block for the token that a request comes from.")
final class ThirdPartySignCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      paramLabel = "REQUEST",
      description = "File with the request, or - for standard input.")
  private @Nullable String request;

  @Option(names = "--raw-input", description = "The request is raw bytes, not base64url text.")
  private boolean raw;

  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final BlockFileOption block = new BlockFileOption();
  @Mixin private final OutputOptions output = new OutputOptions();

  ThirdPartySignCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    block.check();
    KeyInput signer = key.input(console);
    Source source = Source.ofFile(Objects.requireNonNull(request));
    Inputs inputs = new Inputs(console);
    Tokens tokens = new Tokens(inputs, new Outputs(console));
    ThirdPartyRequest from =
        tokens.read(
            new EncodedInput(source, raw), ThirdPartyRequest::decode, ThirdPartyRequest::decode);
    PrivateKey external = new Keys(inputs).privateKey(signer);
    ThirdPartyBlock signed = from.sign(external, block.read(console, inputs));
    external.destroy();
    tokens.write(output, signed::encode, signed::encodeBase64);
    return ExitCode.OK;
  }
}
