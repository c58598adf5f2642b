package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;

/** {@code taper audit report}. */
final class AuditReportCommand extends ConsoleCommand {
  private final Value<String> html =
      option("--html", "FILE", "Where the page goes: a file, or - for standard output.")
          .requiredText();

  private final AuditLogInput log = part(new AuditLogInput());
  private final ElsewhereOptions elsewhere = part(new ElsewhereOptions());
  private final SelectionOptions selection = part(new SelectionOptions());
  private final NamesOption names = part(new NamesOption());
  private final JsonOption json = part(new JsonOption());

  AuditReportCommand(Console console) {
    super(
        console,
        "report",
        "Write the trail of a task, an agent or a token as a page: the delegation tree with its"
            + " calls.");
  }

  @Override
  protected ExitCode run() {
    return new TraceService(console, new KeyNames(AuditNotes.names(console, names)))
        .report(log, selection, elsewhere, html.get(), json.json());
  }
}
