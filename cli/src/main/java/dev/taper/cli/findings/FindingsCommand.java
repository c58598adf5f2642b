package dev.taper.cli.findings;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper findings}, a group. */
public final class FindingsCommand extends CommandGroup {
  /** Runs in the given console. */
  public FindingsCommand(Console console) {
    super(
        console,
        "findings",
        List.of(new HeldBackCommand(console), new LetGoCommand(console)),
        "Whose calls a service holds back for what it noticed, and letting them go.");
  }
}
