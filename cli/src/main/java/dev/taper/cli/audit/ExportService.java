package dev.taper.cli.audit;

import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.operations.trail.OcsfEvent;
import dev.taper.operations.trail.TrailFilter;

/** Passes a log on in the form that other programs take. */
final class ExportService {
  private final Console console;

  ExportService(Console console) {
    this.console = console;
  }

  /** Prints every event that fits as one of the Open Cybersecurity Schema Framework, one a line. */
  ExitCode ocsf(AuditLogInput log, SelectionOptions selection) {
    TrailFilter filter = selection.filter(console);
    AuditNotes.print(
        console,
        log.reader(console)
            .read(
                record -> {
                  if (record.content() instanceof AuditEvent event && filter.fits(event)) {
                    console.out().println(OcsfEvent.line(record, event));
                  }
                })
            .notes());
    return ExitCode.OK;
  }
}
