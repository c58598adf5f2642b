package dev.taper.cli.key;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper rotate}, a group. */
@Command(
    name = "rotate",
    description = {
      "Replace a root key: start adds the new one, and lets the others end after an overlap in"
          + " which both are good; retire takes an old one away."
    })
public final class RotateCommand extends CommandGroup {
  /** Runs in the given console. */
  public RotateCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(
        new RotateStartCommand(console),
        new RotateStatusCommand(console),
        new RotateRetireCommand(console));
  }
}
