package dev.taper.cli.revocation;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.SafeText;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.RevocationBatch;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.SignedLists;
import java.util.List;

/** {@code taper revocations handover}. */
final class RevocationsHandoverCommand extends ConsoleCommand {
  private final Value<String> from =
      option("--from", "LIST", "The list of the old key: a file, an http(s) URL or a database.")
          .requiredText();

  private final Value<List<String>> oldKeys =
      option("--revocation-key", "KEY", "The old key that signed it: its text, or a file.").texts();

  private final Flag lifted =
      flag(
          "--revoke-lifted",
          "Revoke what it lifted, too: whoever stole the old key may have lifted it.");

  private final RevocationIssueOptions list = part(new RevocationIssueOptions());
  private final AuditOptions audit = part(new AuditOptions());
  private final JsonOption json = part(new JsonOption());

  RevocationsHandoverCommand(Console console) {
    super(
        console,
        "handover",
        "Start the list of a new key with all that a list of an old key revokes.",
        "Verifiers then trust the new key, after a time in which they trust both.");
  }

  @Override
  protected ExitCode run() {
    ListReader old =
        new ListReader(
            console.workplace(),
            Place.of(from.get()),
            new Keys(new Inputs(console)).publicKeys(oldKeys.get()),
            null);
    SignedLists signed = old.signed();
    RevocationBatch batch = RevocationBatch.takenOver(signed, lifted.given());
    Revoker.Report report = list.revoker(console, audit, new RegistryOption()).begin(batch);
    if (json.json()) {
      Json.object(
          console.out(),
          out -> {
            out.writeNumberField("revoked", batch.size());
            RevokedJson.report(out, list.place(), report);
          });
    } else {
      console
          .out()
          .println(
              SafeText.line(
                  "took over "
                      + batch.size()
                      + (batch.size() == 1 ? " entry; " : " entries; ")
                      + list.place().shown()
                      + " is now number "
                      + report.issued().sequence()));
      new IssueText(console).shorter(report.issued());
    }
    return RevokeService.status(report);
  }
}
