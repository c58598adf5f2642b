package dev.taper.cli.revocation;

import dev.taper.audit.AuditKind;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import dev.taper.operations.revoking.Revocable;
import org.jspecify.annotations.Nullable;

/** {@code taper task end}. */
final class TaskEndCommand extends IssuingCommand {
  private final Value<String> task =
      parameter("0", "1", "ID", "The task, such as T-4711.").requiredText();

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why, for the audit log.").text();

  private final Value<@Nullable String> until =
      option(
              "--until",
              "WHEN",
              "When everything granted for it is over anyway: a duration or a date. Default: never.")
          .text();

  TaskEndCommand(Console console) {
    super(
        console,
        "end",
        "End a task: revoke everything that was granted for it, in whosever hands it is.",
        "It comes back only by `taper revocations lift task ID`; use another id for the next one.");
    part(registry);
  }

  @Override
  protected ExitCode run() {
    Revocable ended = Revocable.task(task.get()).reason(reason.get());
    if (until.get() != null) {
      ended = ended.until(Times.end(console.clock(), until.get()));
    }
    return revoke(AuditKind.TASK_END, ended);
  }
}
