package dev.taper.cli.registry;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.store.registry.ReviewDecision;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code taper review}, a group. */
@Command(
    name = "review",
    description = {
      "Certify or revoke what a registry knows to be living.",
      "What nobody certifies by a review's date is revoked: the first review command after it does"
          + " that."
    })
public final class ReviewCommand extends CommandGroup {
  /** Runs in the given console. */
  public ReviewCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(
        new ReviewStartCommand(console),
        new ReviewShowCommand(console),
        decide("certify", "Say that delegations are needed.", ReviewDecision.CERTIFIED),
        decide(
            "revoke",
            "Revoke delegations, and what was handed on from them.",
            ReviewDecision.REVOKED),
        new ReviewReportCommand(console));
  }

  private CommandLine decide(String name, String description, ReviewDecision decision) {
    CommandLine line = new CommandLine(new ReviewDecideCommand(console, decision));
    line.setCommandName(name);
    line.getCommandSpec().usageMessage().description(description);
    return line;
  }
}
