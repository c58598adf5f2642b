package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.operations.revoking.Revoker;

/** {@code taper revocations sign}. */
final class RevocationsSignCommand extends IssuingCommand {

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
    Revoker.Report report = revoker().sign();
    print(report, new JsonFields(), "");
    return status(report);
  }
}
