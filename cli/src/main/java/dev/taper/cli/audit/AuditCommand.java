package dev.taper.cli.audit;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import java.util.List;

/** {@code taper audit}, a group. */
public final class AuditCommand extends CommandGroup {
  /** Runs in the given console. */
  public AuditCommand(Console console) {
    super(
        console,
        "audit",
        "Read audit logs.",
        "The commands that grant, hand on, use or end authority write them, with --audit.");
  }

  @Override
  protected List<ConsoleCommand> subcommands() {
    return List.of(
        new AuditVerifyCommand(console),
        new AuditTraceCommand(console),
        new AuditShowCommand(console),
        new AuditReportCommand(console),
        new AuditExportCommand(console),
        new AuditRotateCommand(console));
  }
}
