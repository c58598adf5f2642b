package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.RevocationBatch;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.SignedLists;
import java.util.List;

/** {@code taper revocations handover}. */
final class RevocationsHandoverCommand extends IssuingCommand {
  private final Value<String> from =
      option("--from", "LIST", "The list of the old key: a file, an http(s) URL or a database.")
          .requiredText();

  private final Value<List<String>> oldKeys =
      option("--revocation-key", "KEY", "The old key that signed it: its text, or a file.").texts();

  private final Flag lifted =
      flag(
          "--revoke-lifted",
          "Revoke what it lifted, too: whoever stole the old key may have lifted it.");

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
            console.workplace(), Place.of(from.get()), keys.publicKeys(oldKeys.get()), null);
    SignedLists signed = old.signed();
    RevocationBatch batch = RevocationBatch.takenOver(signed, lifted.given());
    Revoker.Report report = revoker().begin(batch);
    print(
        report,
        new JsonFields().put("revoked", batch.size()),
        "took over " + Count.of(batch.size(), "entry", "entries") + "; ");
    return status(report);
  }
}
