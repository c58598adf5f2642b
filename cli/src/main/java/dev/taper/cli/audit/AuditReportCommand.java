package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper audit report}. */
@Command(
    name = "report",
    description = {
      "Write the trail of a task, an agent or a token as a page: the delegation tree with its"
          + " calls."
    })
final class AuditReportCommand extends ConsoleCommand {
  @Option(
      names = "--html",
      required = true,
      paramLabel = "FILE",
      description = "Where the page goes: a file, or - for standard output.")
  private @Nullable String html;

  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final ElsewhereOptions elsewhere = new ElsewhereOptions();
  @Mixin private final SelectionOptions selection = new SelectionOptions();

  AuditReportCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new TraceService(console).report(log, selection, elsewhere, html);
  }
}
