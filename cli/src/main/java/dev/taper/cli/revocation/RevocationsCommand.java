package dev.taper.cli.revocation;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper revocations}, a group. */
@Command(
    name = "revocations",
    description = {
      "Signed lists of what is revoked.",
      "sign issues a list anew before it becomes stale; show and verify look at one."
    })
public final class RevocationsCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public RevocationsCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("sign", new CommandLine(new RevocationsSignCommand(console)));
    newSpec.addSubcommand("show", new CommandLine(new RevocationsShowCommand(console)));
    newSpec.addSubcommand("verify", new CommandLine(new RevocationsVerifyCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "revocations needs: sign, show or verify");
  }
}
