package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper registry}, a group. */
@Command(
    name = "registry",
    description = {
      "What was granted and what of it is used, from a database that other commands (and services)"
          + " fill: those with --registry."
    })
public final class RegistryCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public RegistryCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("list", new CommandLine(new RegistryListCommand(console)));
    newSpec.addSubcommand("publish", new CommandLine(new RegistryPublishCommand(console)));
    newSpec.addSubcommand("forget", new CommandLine(new RegistryForgetCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "registry needs: list, publish or forget");
  }
}
