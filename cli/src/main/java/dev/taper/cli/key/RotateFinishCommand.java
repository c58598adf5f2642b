package dev.taper.cli.key;

import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.revocation.RevocationIssueOptions;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.rotation.HolderKeyUse;

/** {@code taper rotate finish}. */
final class RotateFinishCommand extends HolderKeyCommand {
  private final Value<String> key =
      parameter("0", "1", "KEY", "The holder's old public key: its text, or a file.")
          .requiredText();

  private final Flag early =
      flag("--early", "Although something lives that it handed on; that ends with it.");

  private final RevocationIssueOptions list = part(new RevocationIssueOptions());
  private final AuditOptions audit = part(new AuditOptions());

  RotateFinishCommand(Console console) {
    super(
        console,
        "finish",
        "Revoke a holder's old key as a key, once nothing lives any more that it signed.",
        "Before that it refuses (exit 1), and says how long it takes.");
  }

  @Override
  protected ExitCode run() {
    Revoker revoker = list.revoker(console, audit, registry);
    HolderKeyUse use = use(key.get());
    if (!early.given()) {
      use.requireUnused();
    }
    Revoker.Report report =
        revoker.revoke(AuditKind.REVOKE, Revocable.holder(use.key()).reason("rotated"));
    String shown = list.place().shown();
    long number = report.issued().sequence();
    if (json.given()) {
      printJson(fields(use).put("list", shown).put("number", number));
    } else {
      print(
          "revoked the old key "
              + use.key()
              + "; "
              + SafeText.line(shown)
              + " is now number "
              + number);
      print("take it out of the file of names: taper names remove FILE --key KEY");
    }
    if (report.failure() != null) {
      throw report.failure();
    }
    return ExitCode.OK;
  }
}
