package dev.taper.cli.revocation;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper task}, a group. */
@Command(name = "task", description = "Tasks, which authority is granted for.")
public final class TaskCommand extends CommandGroup {
  /** Runs in the given console. */
  public TaskCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(new TaskEndCommand(console));
  }
}
