package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;

/** {@code taper rotate retire}. */
final class RotateRetireCommand extends ConsoleCommand {
  private final Value<Long> keyId = option("--key-id", "N", "Which key.").required(Long.class, 0L);

  private final Flag early =
      flag("--early", "Before its end: everything that it signed is refused from then on.");

  private final KeySetOption keys = part(new KeySetOption());
  private final AuditOptions audit = part(new AuditOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final JsonOption json = part(new JsonOption());

  RotateRetireCommand(Console console) {
    super(
        console,
        "retire",
        "Take an old root key out of a key set.",
        "With --registry: revoke it too, for verifiers that still have the old set.");
  }

  @Override
  protected ExitCode run() {
    return new RotationService(console, keys.file(), registry)
        .retire(keyId.get(), early.given(), audit, json.json());
  }
}
