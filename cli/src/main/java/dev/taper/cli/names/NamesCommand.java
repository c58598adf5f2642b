package dev.taper.cli.names;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper names}, a group. */
public final class NamesCommand extends CommandGroup {
  /** Runs in the given console. */
  public NamesCommand(Console console) {
    super(
        console,
        "names",
        List.of(
            new NamesShowCommand(console),
            new NamesSignCommand(console),
            new NamesAddCommand(console),
            new NamesRemoveCommand(console)),
        "Who is who: files of agents, approvers, groups and issuers with their keys.");
  }
}
