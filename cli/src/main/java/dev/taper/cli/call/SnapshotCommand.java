package dev.taper.cli.call;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper snapshot}, a group. */
public final class SnapshotCommand extends CommandGroup {
  /** Runs in the given console. */
  public SnapshotCommand(Console console) {
    super(
        console,
        "snapshot",
        List.of(new SnapshotInspectCommand(console)),
        "Saved authorizations; they carry no signatures.");
  }
}
