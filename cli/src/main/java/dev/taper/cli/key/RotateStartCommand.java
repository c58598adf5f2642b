package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper rotate start}. */
@Command(
    name = "start",
    description = {
      "Add a root key to a key set; the keys in it end after the overlap.",
      "With --registry: tell what still depends on them."
    })
final class RotateStartCommand extends ConsoleCommand {
  @Option(
      names = "--new-key",
      required = true,
      paramLabel = "FILE",
      description = "File with the new root's public key.")
  private String key = "";

  @Option(
      names = "--new-key-id",
      paramLabel = "N",
      description = "Its id. Default: one more than the greatest in the set.")
  private @Nullable Long keyId;

  @Option(names = "--issuer", paramLabel = "TEXT", description = "Whose key it is.")
  private @Nullable String issuer;

  @Option(
      names = "--overlap",
      paramLabel = "DURATION",
      description = "How long the old keys stay good. Default: ${DEFAULT-VALUE}.")
  private String overlap = "7d";

  @Mixin private final KeySetOption keys = new KeySetOption();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  RotateStartCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    return new RotationService(console, keys.file(), registry)
        .start(key, keyId, issuer, overlap, audit);
  }
}
