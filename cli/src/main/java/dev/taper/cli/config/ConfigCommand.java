package dev.taper.cli.config;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper config}, a group. */
public final class ConfigCommand extends CommandGroup {
  /** Runs in the given console. */
  public ConfigCommand(Console console) {
    super(
        console,
        "config",
        "A service's configuration: check and explain it.",
        "One strict file says whom a service trusts, what calls mean, and what it remembers.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(new ConfigCheckCommand(console));
  }
}
