package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.TokenInput;
import dev.taper.token.ThirdPartyBlock;

/** {@code taper third-party request}. */
final class ThirdPartyRequestCommand extends ConsoleCommand {
  private final TokenInput token = part(new TokenInput());
  private final OutputOptions output = part(new OutputOptions());

  ThirdPartyRequestCommand(Console console) {
    super(console, "request", "Make a request for a third-party block on a token.");
  }

  @Override
  protected ExitCode run() {
    ThirdPartyBlock.Request request = tokens.read(token.input(console)).thirdPartyRequest();
    tokens.write(output, request::encode, request::encodeBase64);
    return ExitCode.OK;
  }
}
