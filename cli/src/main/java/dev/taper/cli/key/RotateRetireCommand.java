package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper rotate retire}. */
@Command(
    name = "retire",
    description = {
      "Take an old root key out of a key set.",
      "With --registry: revoke it too, for verifiers that still have the old set."
    })
final class RotateRetireCommand extends ConsoleCommand {
  @Option(names = "--key-id", required = true, paramLabel = "N", description = "Which key.")
  private long keyId;

  @Option(
      names = "--early",
      description = "Before its end: everything that it signed is refused from then on.")
  private boolean early;

  @Mixin private final KeySetOption keys = new KeySetOption();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  RotateRetireCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RotationService(console, keys.file(), registry).retire(keyId, early, audit);
  }
}
