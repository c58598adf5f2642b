package dev.taper.cli.call;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper snapshot}, a group. */
public final class SnapshotCommand extends CommandGroup {
  /** Runs in the given console. */
  public SnapshotCommand(Console console) {
    super(console, "snapshot", "Saved authorizations; they carry no signatures.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(new SnapshotInspectCommand(console));
  }
}
