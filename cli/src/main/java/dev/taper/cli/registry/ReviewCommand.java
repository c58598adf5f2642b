package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.store.registry.ReviewDecision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper review}, a group. */
@Command(
    name = "review",
    description = {
      "Certify or revoke what a registry knows to be living.",
      "What nobody certifies by a review's date is revoked: the first review command after it does"
          + " that."
    })
public final class ReviewCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public ReviewCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("start", new CommandLine(new ReviewStartCommand(console)));
    newSpec.addSubcommand("show", new CommandLine(new ReviewShowCommand(console)));
    newSpec.addSubcommand(
        "certify", decide("certify", "Say that delegations are needed.", ReviewDecision.CERTIFIED));
    newSpec.addSubcommand(
        "revoke",
        decide(
            "revoke",
            "Revoke delegations, and what was handed on from them.",
            ReviewDecision.REVOKED));
    newSpec.addSubcommand("report", new CommandLine(new ReviewReportCommand(console)));
  }

  private CommandLine decide(String name, String description, ReviewDecision verdict) {
    CommandLine line = new CommandLine(new ReviewDecideCommand(console, verdict));
    line.setCommandName(name);
    line.getCommandSpec().usageMessage().description(description);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "review needs: start, show, certify, revoke or report");
  }
}
