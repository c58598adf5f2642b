package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.output.JsonOption;

/** {@code taper audit trace}. */
final class AuditTraceCommand extends ConsoleCommand {
  private final AuditLogInput log = part(new AuditLogInput());
  private final ElsewhereOptions elsewhere = part(new ElsewhereOptions());
  private final SelectionOptions selection = part(new SelectionOptions());
  private final NamesOption names = part(new NamesOption());
  private final JsonOption json = part(new JsonOption());

  AuditTraceCommand(Console console) {
    super(
        console,
        "trace",
        "Tell who let whom do what, what was granted, used and denied, and when it ended.",
        "The log is verified on the way: one with a flaw is not told from (exit 1), one without"
            + " a key to verify it is told as NOT VERIFIED.");
  }

  @Override
  protected ExitCode run() {
    return new TraceService(console, new KeyNames(AuditNotes.names(console, names)))
        .trace(log, selection, elsewhere, json.json());
  }
}
