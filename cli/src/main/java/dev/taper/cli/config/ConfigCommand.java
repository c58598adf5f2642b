package dev.taper.cli.config;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper config}, a group. */
public final class ConfigCommand extends CommandGroup {
  /** Runs in the given console. */
  public ConfigCommand(Console console) {
    super(
        console,
        "config",
        List.of(new ConfigCheckCommand(console), new ConfigShowCommand(console)),
        "Configurations: check and explain a service's, show what a profile gives options.",
        "One strict file says whom a service trusts, what calls mean, and what it remembers. Profiles in"
            + " it give options of the command line their values.");
  }
}
