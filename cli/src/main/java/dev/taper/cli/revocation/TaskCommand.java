package dev.taper.cli.revocation;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper task}, a group. */
public final class TaskCommand extends CommandGroup {
  /** Runs in the given console. */
  public TaskCommand(Console console) {
    super(console, "task", "Tasks, which authority is granted for.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(new TaskEndCommand(console));
  }
}
