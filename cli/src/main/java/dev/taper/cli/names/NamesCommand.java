package dev.taper.cli.names;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper names}, a group. */
public final class NamesCommand extends CommandGroup {
  /** Runs in the given console. */
  public NamesCommand(Console console) {
    super(
        console,
        "names",
        "Who is who: files of agents, approvers, groups and issuers with their keys.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(
        new NamesShowCommand(console),
        new NamesSignCommand(console),
        new NamesAddCommand(console),
        new NamesRemoveCommand(console));
  }
}
