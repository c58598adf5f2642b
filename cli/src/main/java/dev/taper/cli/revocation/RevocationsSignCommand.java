package dev.taper.cli.revocation;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code taper revocations sign}. */
@Command(
    name = "sign",
    description = {
      "Issue the list anew: one snapshot with the next number, without what has ended.",
      "Run it before the next update is due; services deny every call with a stale list.",
      "What nobody certified by its review's date, in the same database, is revoked then, with a"
          + " record in --audit."
    })
final class RevocationsSignCommand extends ConsoleCommand {
  @Mixin private final RevocationIssueOptions list = new RevocationIssueOptions();
  @Mixin private final AuditOptions audit = new AuditOptions();

  RevocationsSignCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RevokeService(console).sign(list, audit);
  }
}
