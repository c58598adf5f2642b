package dev.taper.cli.revocation;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper task}, a group. */
public final class TaskCommand extends CommandGroup {
  /** Runs in the given console. */
  public TaskCommand(Console console) {
    super(
        console,
        "task",
        List.of(new TaskEndCommand(console)),
        "Tasks, which authority is granted for.");
  }
}
