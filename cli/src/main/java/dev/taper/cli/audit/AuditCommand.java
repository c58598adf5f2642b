package dev.taper.cli.audit;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper audit}, a group. */
@Command(
    name = "audit",
    description = {
      "Read audit logs.",
      "The commands that grant, hand on, use or end authority write them, with --audit."
    })
public final class AuditCommand extends CommandGroup {
  /** Runs in the given console. */
  public AuditCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(
        new AuditVerifyCommand(console),
        new AuditTraceCommand(console),
        new AuditReportCommand(console),
        new AuditExportCommand(console));
  }
}
