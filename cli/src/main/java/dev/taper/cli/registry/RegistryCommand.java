package dev.taper.cli.registry;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper registry}, a group. */
@Command(
    name = "registry",
    description = {
      "What was granted and what of it is used, from a database that other commands (and services)"
          + " fill: those with --registry."
    })
public final class RegistryCommand extends CommandGroup {
  /** Runs in the given console. */
  public RegistryCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(
        new RegistryListCommand(console),
        new RegistryPublishCommand(console),
        new RegistryForgetCommand(console));
  }
}
