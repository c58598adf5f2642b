package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Value;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.config.Times;
import dev.taper.operations.rotation.RootKeyUse;
import dev.taper.operations.rotation.Rotation;
import dev.taper.trust.RootKeySet;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper rotate start}. */
final class RotateStartCommand extends RootKeyCommand {
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

  private final AuditOptions audit = part(new AuditOptions());

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
    RootKeySet old = read();
    PublicKey publicKey = keys.publicKey(KeyInput.written(key.get()));
    Instant end = Times.end(console.clock(), overlap.get());
    Rotation rotation = rotation(audit);
    RootKeySet rotated = rotation.start(old, publicKey, keyId.get(), issuer.get(), end);
    write(rotated);
    long id = rotated.keys().get(rotated.keys().size() - 1).keyId();
    List<RootKeyUse> uses = rotation.uses(rotated);
    return answer(
        () -> new JsonFields().put("added", id).rows("keys", uses, RootKeyCommand::fields),
        () -> {
          print("Added root key " + id + ": mint with --root-key-id " + id + ".");
          uses.forEach(this::printKey);
        });
  }
}
