package dev.taper.cli.audit;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditRecord;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;

/** Passes a log on in the form that other programs take. */
public final class ExportService {
  private final Console console;

  /** Works in the given console. */
  public ExportService(Console console) {
    this.console = console;
  }

  /** Prints every event that fits as one of the Open Cybersecurity Schema Framework, one a line. */
  public ExitCode ocsf(LogInput input, SelectionInput selected) {
    Selection selection = selected.read(console);
    new LogReader(console).read(input, record -> print(record, selection));
    return ExitCode.OK;
  }

  private void print(AuditRecord record, Selection selection) {
    if (record.content() instanceof AuditEvent event && selection.fits(event)) {
      console.out().println(OcsfExport.line(record, event));
    }
  }
}
