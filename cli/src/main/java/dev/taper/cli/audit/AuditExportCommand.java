package dev.taper.cli.audit;

import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.OcsfEvent;
import dev.taper.operations.trail.TrailFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper audit export}. */
@Command(
    name = "export",
    description = {
      "Print the events of an audit log for other programs, one line of JSON each.",
      "The log is verified on the way; what was printed before a flaw shows (exit 1) stands."
    })
final class AuditExportCommand extends ConsoleCommand {
  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "ocsf: Open Cybersecurity Schema Framework 1.7.0, class API Activity.")
  private @Nullable String format;

  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final SelectionOptions selection = new SelectionOptions();

  AuditExportCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (!"ocsf".equals(format)) {
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
