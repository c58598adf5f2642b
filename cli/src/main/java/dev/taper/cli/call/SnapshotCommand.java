package dev.taper.cli.call;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper snapshot}, a group. */
@Command(name = "snapshot", description = "Saved authorizations; they carry no signatures.")
public final class SnapshotCommand extends CommandGroup {
  /** Runs in the given console. */
  public SnapshotCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(new SnapshotInspectCommand(console));
  }
}
