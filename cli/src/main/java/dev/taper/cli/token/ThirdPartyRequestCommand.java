package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.token.ThirdPartyRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper third-party request}. */
@Command(name = "request", description = "Make a request for a third-party block on a token.")
final class ThirdPartyRequestCommand extends ConsoleCommand {
  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final OutputOptions output = new OutputOptions();

  ThirdPartyRequestCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    Tokens tokens = new Tokens(new Inputs(console), new Outputs(console));
    ThirdPartyRequest request = tokens.read(token.input(console)).thirdPartyRequest();
    tokens.write(output, request::encode, request::encodeBase64);
    return ExitCode.OK;
  }
}
