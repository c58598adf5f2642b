package dev.taper.cli.key;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import org.jspecify.annotations.Nullable;

/** {@code taper rotate start}. */
final class RotateStartCommand extends ConsoleCommand {
  private final Value<String> key =
      option("--new-key", "FILE", "File with the new root's public key.").requiredText();

  private final Value<@Nullable Long> keyId =
      option("--new-key-id", "N", "Its id. Default: one more than the greatest in the set.")
          .optional(Long.class);

  private final Value<@Nullable String> issuer =
      option("--issuer", "TEXT", "Whose key it is.").text();

  private final Value<String> overlap =
      option("--overlap", "DURATION", "How long the old keys stay good. Default: ${DEFAULT-VALUE}.")
          .text("7d");

  private final KeySetOption keys = part(new KeySetOption());
  private final AuditOptions audit = part(new AuditOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final JsonOption json = part(new JsonOption());

  RotateStartCommand(Console console) {
    super(
        console,
        "start",
        "Add a root key to a key set; the keys in it, but those of other issuers, end after the"
            + " overlap.",
        "With --registry: tell what still depends on them.");
  }

  @Override
  protected ExitCode run() {
    return new RotationService(console, keys.file(), registry)
        .start(key.get(), keyId.get(), issuer.get(), overlap.get(), audit, json.json());
  }
}
