package dev.taper.cli.audit;

import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.OcsfEvent;
import dev.taper.operations.trail.TrailFilter;

/** {@code taper audit export}. */
final class AuditExportCommand extends ConsoleCommand {
  private final Value<String> format =
      option(
              "--format",
              "FORMAT",
              "ocsf: Open Cybersecurity Schema Framework 1.7.0, class API Activity.")
          .requiredText();

  private final AuditLogInput log = part(new AuditLogInput());
  private final SelectionOptions selection = part(new SelectionOptions());

  AuditExportCommand(Console console) {
    super(
        console,
        "export",
        "Print the events of an audit log for other programs, one line of JSON each.",
        "The log is verified on the way; what was printed before a flaw shows (exit 1) stands.");
  }

  @Override
  protected ExitCode run() {
    if (!"ocsf".equals(format.get())) {
      throw CliException.usage("the only format is ocsf");
    }
    TrailFilter filter = selection.filter(console);
    AuditReader.Reading reading =
        log.reader(console)
            .read(
                record -> {
                  if (record.content() instanceof AuditEvent event && filter.fits(event)) {
                    console.out().println(OcsfEvent.line(record, event));
                  }
                });
    AuditNotes.print(console, reading.notes());
    return ExitCode.OK;
  }
}
