package dev.taper.cli.registry;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.revocation.HorizonOptions;
import dev.taper.cli.revocation.IssueText;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.Revoker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper registry publish}. */
@Command(
    name = "publish",
    description = {
      "Sign what reviews and rotations revoked, as the next revocation list in the same database.",
      "What nobody certified by its review's date is revoked then, with a record in --audit.",
      "Run it after them, and again before the list's next update is due: verifiers deny"
          + " everything when it is late."
    })
final class RegistryPublishCommand extends ConsoleCommand {
  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write all of the list to a file too, for verifiers that read files.")
  private @Nullable String file;

  @Mixin private final HorizonOptions horizon = new HorizonOptions();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  RegistryPublishCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    Place.Sql place = registry.required();
    KeyInput signer = key.input(console);
    Revoker.Issue issue =
        new Revoker.Issue(
            place, () -> new Keys(new Inputs(console)).privateKey(signer), horizon.horizon());
    Revoker.Published published =
        new Revoker(console.workplace(), issue, audit.recorder(console), null).publish();
    IssueText text = new IssueText(console);
    text.lapsed(published.report().lapsed());
    if (file != null) {
      byte[] whole = new ListReader(console.workplace(), place, List.of(), null).bytes();
      new Outputs(console).file(file, whole, false, true);
    }
    console
        .out()
        .println(
            "Signed revocation list "
                + published.report().issued().sequence()
                + ": "
                + RegistryText.count(published.entries(), "entry", "entries")
                + ", good until "
                + published.report().issued().validity().staleAfter()
                + ".");
    text.shorter(published.report().issued());
    return ExitCode.OK;
  }
}
