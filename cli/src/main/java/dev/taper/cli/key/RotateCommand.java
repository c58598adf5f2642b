package dev.taper.cli.key;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper rotate}, a group. */
public final class RotateCommand extends CommandGroup {
  /** Runs in the given console. */
  public RotateCommand(Console console) {
    super(
        console,
        "rotate",
        "Replace a root key: start adds the new one, and lets the others end after an overlap in"
            + " which both are good; retire takes an old one away.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(
        new RotateStartCommand(console),
        new RotateStatusCommand(console),
        new RotateRetireCommand(console));
  }
}
