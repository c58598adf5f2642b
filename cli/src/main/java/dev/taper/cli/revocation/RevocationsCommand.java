package dev.taper.cli.revocation;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper revocations}, a group. */
@Command(
    name = "revocations",
    description = {
      "Signed lists of what is revoked.",
      "sign issues a list anew before it becomes stale; show and verify look at one."
    })
public final class RevocationsCommand extends CommandGroup {
  /** Runs in the given console. */
  public RevocationsCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(
        new RevocationsSignCommand(console),
        new RevocationsShowCommand(console),
        new RevocationsVerifyCommand(console));
  }
}
