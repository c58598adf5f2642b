package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.TokenInput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper third-party request}. */
@Command(name = "request", description = "Make a request for a third-party block on a token.")
public final class ThirdPartyRequestCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public ThirdPartyRequestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new ThirdPartyService(console).request(token.input(console), output.target()).status();
  }
}
