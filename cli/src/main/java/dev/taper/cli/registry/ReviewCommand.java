package dev.taper.cli.registry;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.store.registry.ReviewDecision;
import java.util.List;

/** {@code taper review}, a group. */
public final class ReviewCommand extends CommandGroup {
  /** Runs in the given console. */
  public ReviewCommand(Console console) {
    super(
        console,
        "review",
        List.of(
            new ReviewStartCommand(console),
            new ReviewShowCommand(console),
            decide(
                console, "certify", "Say that delegations are needed.", ReviewDecision.CERTIFIED),
            decide(
                console,
                "revoke",
                "Revoke delegations, and what was handed on from them.",
                ReviewDecision.REVOKED),
            new ReviewReportCommand(console)),
        "Certify or revoke what a registry knows to be living.",
        "What nobody certifies by a review's date is revoked: the first review command after it does"
            + " that.");
  }

  private static ConsoleCommand decide(
      Console console, String name, String description, ReviewDecision decision) {
    return new ReviewDecideCommand(console, name, description, decision);
  }
}
