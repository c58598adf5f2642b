package dev.taper.cli.revocation;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper revocations}, a group. */
public final class RevocationsCommand extends CommandGroup {
  /** Runs in the given console. */
  public RevocationsCommand(Console console) {
    super(
        console,
        "revocations",
        "Signed lists of what is revoked.",
        "sign issues a list anew before it becomes stale; show and verify look at one.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(
        new RevocationsSignCommand(console),
        new RevocationsShowCommand(console),
        new RevocationsVerifyCommand(console));
  }
}
