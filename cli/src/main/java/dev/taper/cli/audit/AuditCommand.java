package dev.taper.cli.audit;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper audit}, a group. */
public final class AuditCommand extends CommandGroup {
  /** Runs in the given console. */
  public AuditCommand(Console console) {
    super(
        console,
        "audit",
        List.of(
            new AuditVerifyCommand(console),
            new AuditTraceCommand(console),
            new AuditShowCommand(console),
            new AuditReportCommand(console),
            new AuditExportCommand(console),
            new AuditRotateCommand(console)),
        "Read audit logs.",
        "The commands that grant, hand on, use or end authority write them, with --audit.");
  }
}
