package dev.taper.cli.token;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper third-party}, a group. */
@Command(
    name = "third-party",
    description = {
      "Blocks that somebody else signs.",
      "The holder of a token makes a request, the third party signs a block for it, the holder"
          + " appends that block."
    })
public final class ThirdPartyCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public ThirdPartyCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("request", new CommandLine(new ThirdPartyRequestCommand(console)));
    newSpec.addSubcommand("sign", new CommandLine(new ThirdPartySignCommand(console)));
    newSpec.addSubcommand("append", new CommandLine(new ThirdPartyAppendCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "third-party needs: request, sign or append");
  }
}
