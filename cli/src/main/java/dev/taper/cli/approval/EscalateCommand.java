package dev.taper.cli.approval;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper escalate}, a group. */
@Command(
    name = "escalate",
    description = {
      "Wake a grant that needs an approval.",
      "The holder of a token makes a request, the approver signs an approval (taper approve), the"
          + " holder attaches it."
    })
public final class EscalateCommand extends CommandGroup {
  /** Runs in the given console. */
  public EscalateCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(new EscalateRequestCommand(console), new EscalateAttachCommand(console));
  }
}
