package dev.taper.cli.revocation;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper revocations}, a group. */
public final class RevocationsCommand extends CommandGroup {
  /** Runs in the given console. */
  public RevocationsCommand(Console console) {
    super(
        console,
        "revocations",
        List.of(
            new RevocationsSignCommand(console),
            new RevocationsShowCommand(console),
            new RevocationsVerifyCommand(console),
            new RevocationsCheckCommand(console),
            new RevocationsLiftCommand(console),
            new RevocationsHandoverCommand(console)),
        "Signed lists of what is revoked.",
        "sign issues a list anew before it becomes stale; show and verify look at one; check says"
            + " whether something is revoked, and why; lift takes that back; handover starts the list"
            + " of a new key.");
  }
}
