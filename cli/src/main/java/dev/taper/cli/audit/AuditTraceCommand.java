package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper audit trace}. */
@Command(
    name = "trace",
    description = {
      "Tell who let whom do what, what was granted, used and denied, and when it ended.",
      "The log is verified on the way: one with a flaw is not told from (exit 1), one without"
          + " a key to verify it is told as NOT VERIFIED."
    })
final class AuditTraceCommand extends ConsoleCommand {
  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final ElsewhereOptions elsewhere = new ElsewhereOptions();
  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final JsonOption json = new JsonOption();

  AuditTraceCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new TraceService(console).trace(log, selection, elsewhere, json.json());
  }
}
