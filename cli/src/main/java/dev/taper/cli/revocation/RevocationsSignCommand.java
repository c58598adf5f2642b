package dev.taper.cli.revocation;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.JsonOption;

/** {@code taper revocations sign}. */
final class RevocationsSignCommand extends ConsoleCommand {
  private final RevocationIssueOptions list = part(new RevocationIssueOptions());
  private final AuditOptions audit = part(new AuditOptions());
  private final JsonOption json = part(new JsonOption());

  RevocationsSignCommand(Console console) {
    super(
        console,
        "sign",
        "Issue the list anew: one snapshot with the next number, without what has ended.",
        "Run it before the next update is due; services deny every call with a stale list.",
        "What nobody certified by its review's date, in the same database, is revoked then, with a"
            + " record in --audit.");
  }

  @Override
  protected ExitCode run() {
    return new RevokeService(console, list, audit, new RegistryOption(), json.json()).sign();
  }
}
