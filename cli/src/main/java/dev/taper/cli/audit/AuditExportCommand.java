package dev.taper.cli.audit;

import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditContent;
import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Names;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Progress;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.OcsfEvent;
import dev.taper.operations.trail.RecordWords;
import dev.taper.operations.trail.TrailFilter;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@code taper audit export}. */
final class AuditExportCommand extends ConsoleCommand {
  private final Value<String> format =
      option(
              "--format",
              "FORMAT",
              "json: the records as they stand, see docs/audit.md;",
              "ocsf: Open Cybersecurity Schema Framework 1.7.0, class API Activity.")
          .requiredOneOf(new Names<>(List.of("json", "ocsf"), Function.identity()));

  private final AuditLogInput log = part(new AuditLogInput());
  private final SelectionOptions selection = part(new SelectionOptions());
  private final NamesOption names = part(new NamesOption());

  AuditExportCommand(Console console) {
    super(
        console,
        "export",
        "Print the events of an audit log for other programs, one line of JSON each.",
        "The log is verified on the way; what was printed before a flaw shows (exit 1) stands.");
  }

  @Override
  protected ExitCode run() {
    boolean raw = format.get().equals("json");
    NamesFile known = AuditNotes.names(console, names);
    TrailFilter filter = selection.filter(console, known);
    Predicate<AuditEvent> wanted = filter.reading();
    boolean all = raw && filter.words().isEmpty();
    UnaryOperator<String> naming = RecordWords.naming(known);
    AuditReader.Reading reading;
    // On a terminal, what is printed shows how far it is.
    boolean quiet = console.terminals().out();
    try (Progress progress = Progress.of(console, "reading records", quiet)) {
      reading =
          log.logs(console)
              .read(
                  found -> {
                    progress.step();
                    AuditContent content = found.record().content();
                    if (content instanceof AuditEvent event && wanted.test(event)) {
                      print(
                          raw
                              ? found.export(known)
                              : OcsfEvent.line(found.record(), event, naming));
                    } else if (all && !(content instanceof AuditEvent)) {
                      print(found.export(known));
                    }
                  });
    }
    AuditNotes.print(console, reading.notes());
    return ExitCode.OK;
  }
}
