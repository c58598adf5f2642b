package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.revocation.RevocationIssueOptions;
import dev.taper.operations.registry.RegistryAccess;

/** {@code taper rotate finish}. */
final class RotateFinishCommand extends ConsoleCommand {
  private final Value<String> key =
      parameter("0", "1", "KEY", "The holder's old public key: its text, or a file.")
          .requiredText();

  private final Flag early =
      flag("--early", "Although something lives that it handed on; that ends with it.");

  private final RevocationIssueOptions list = part(new RevocationIssueOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final AuditOptions audit = part(new AuditOptions());
  private final JsonOption json = part(new JsonOption());

  RotateFinishCommand(Console console) {
    super(
        console,
        "finish",
        "Revoke a holder's old key as a key, once nothing lives any more that it signed.",
        "Before that it refuses (exit 1), and says how long it takes.");
  }

  @Override
  protected ExitCode run() {
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    return new HolderRotationService(console)
        .finish(
            key.get(),
            early.given(),
            access,
            list.place(),
            list.revoker(console, audit, registry),
            json.json());
  }
}
