package dev.taper.cli.audit;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper audit verify}. */
@Command(
    name = "verify",
    description = {
      "Say whether an audit log is what was written to it: exit 0, or exit 1 and the first record"
          + " that was edited, removed, inserted, moved or cut off. Without a key that may have"
          + " signed it, a log without flaws is called CHAINED, not INTACT (exit 1)."
    })
final class AuditVerifyCommand extends ConsoleCommand {
  @Mixin private final AuditLogInput log = new AuditLogInput();
  @Mixin private final JsonOption json = new JsonOption();

  AuditVerifyCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new VerifyService(console).run(log, json.json());
  }
}
