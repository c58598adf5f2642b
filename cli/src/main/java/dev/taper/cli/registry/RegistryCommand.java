package dev.taper.cli.registry;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper registry}, a group. */
public final class RegistryCommand extends CommandGroup {
  /** Runs in the given console. */
  public RegistryCommand(Console console) {
    super(
        console,
        "registry",
        List.of(
            new RegistryListCommand(console),
            new RegistryPublishCommand(console),
            new RegistryForgetCommand(console)),
        "What was granted and what of it is used, from a database that other commands (and services)"
            + " fill: those with --registry.");
  }
}
