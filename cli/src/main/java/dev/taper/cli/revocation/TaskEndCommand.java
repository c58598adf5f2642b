package dev.taper.cli.revocation;

import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.operations.config.Times;
import dev.taper.operations.revoking.Revocable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper task end}. */
@Command(
    name = "end",
    description = {
      "End a task: revoke everything that was granted for it, in whosever hands it is.",
      "It comes back only by `taper revoke task ID --lift`; use another id for the next one."
    })
final class TaskEndCommand extends ConsoleCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "The task, such as T-4711.")
  private String task = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit log.")
  private @Nullable String reason;

  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description =
          "When everything granted for it is over anyway: a duration or a date. Default: never.")
  private @Nullable String until;

  @Mixin private final RevocationIssueOptions list = new RevocationIssueOptions();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  TaskEndCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    Revocable ended = Revocable.task(task).reason(reason);
    if (until != null) {
      ended = ended.until(Times.end(console.clock(), until));
    }
    return new RevokeService(console).revoke(AuditKind.TASK_END, ended, list, audit, registry);
  }
}
