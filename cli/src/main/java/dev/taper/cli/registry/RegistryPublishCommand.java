package dev.taper.cli.registry;

import dev.taper.JsonFields;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Waiting;
import dev.taper.cli.revocation.HorizonOptions;
import dev.taper.cli.revocation.IssueText;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revoker;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper registry publish}. */
final class RegistryPublishCommand extends JsonCommand {
  private final Value<@Nullable String> file =
      option(
              "-o, --out",
              "FILE",
              "Write all of the list to a file too, for verifiers that read files.")
          .text();

  private final HorizonOptions horizon = part(new HorizonOptions());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(new AuditOptions());
  private final RegistryOption registry = part(new RegistryOption());

  RegistryPublishCommand(Console console) {
    super(
        console,
        "publish",
        "Sign what reviews and rotations revoked, as the next revocation list in the same database.",
        "What nobody certified by its review's date is revoked then, with a record in --audit.",
        "Run it after them, and again before the list's next update is due: verifiers deny"
            + " everything when it is late.");
  }

  @Override
  protected ExitCode run() {
    Place.Sql place = registry.required();
    KeyInput signer = key.input(console);
    Revoker.Issue issue =
        new Revoker.Issue(
            place, () -> new Keys(new Inputs(console)).signer(signer), horizon.horizon());
    Revoker revoker = new Revoker(console.workplace(), issue, audit.recorder(console), null);
    Revoker.Published published =
        Waiting.during(console, "signing the list", json.given(), revoker::publish);
    IssueText.lapsed(console, published.report().lapsed());
    if (file.get() != null) {
      byte[] whole = new ListReader(console.workplace(), place, List.of(), null).bytes();
      outputs.file(file.get(), whole, false, true);
    }
    IssueText.shorter(console, published.report().issued());
    if (published.report().failure() != null) {
      throw published.report().failure();
    }
    long number = published.report().issued().sequence();
    Instant staleAfter = published.report().issued().validity().staleAfter();
    return answer(
        () ->
            new JsonFields()
                .put("number", number)
                .put("entries", published.entries())
                .put("lapsed", published.report().lapsed().size())
                .put("stale_after", staleAfter)
                .putIfPresent("file", file.get()),
        () -> {
          String entries = Count.of(published.entries(), "entry", "entries");
          print(
              "Signed revocation list "
                  + number
                  + ": "
                  + entries
                  + ", good until "
                  + staleAfter
                  + ".");
        });
  }
}
