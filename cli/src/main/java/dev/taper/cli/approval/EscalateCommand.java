package dev.taper.cli.approval;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper escalate}, a group. */
public final class EscalateCommand extends CommandGroup {
  /** Runs in the given console. */
  public EscalateCommand(Console console) {
    super(
        console,
        "escalate",
        "Wake a grant that needs an approval.",
        "The holder of a token makes a request, the approver signs an approval (taper approve), the"
            + " holder attaches it.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(new EscalateRequestCommand(console), new EscalateAttachCommand(console));
  }
}
