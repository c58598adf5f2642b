package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.rotation.AuditKeyRotation;
import dev.taper.operations.trail.AuditRecorder;

/** {@code taper rotate audit}. */
final class RotateAuditCommand extends JsonCommand {
  private final Value<String> log =
      parameter("0", "1", "LOG", "The audit log: a file, or a database: " + Place.DATABASE + ".")
          .requiredText();

  private final Value<String> oldKey =
      option("--audit-key", "FILE", "File with the private key that signs it so far.")
          .requiredText();

  private final Value<String> newKey =
      option("--new-key", "FILE", "File with the private key that signs it from now on.")
          .requiredText();

  RotateAuditCommand(Console console) {
    super(
        console,
        "audit",
        "Hand an audit log over to a new key, in the same log: each key signs a record that names"
            + " the other. Verify it with both keys from then on.");
  }

  @Override
  protected ExitCode run() {
    Place place = Place.written(log.get());
    PublicKey old = publicKey(oldKey.get());
    PublicKey next = publicKey(newKey.get());
    if (old.equals(next)) {
      throw CliException.usage("the new key is the old one");
    }
    AuditKeyRotation.handOver(
        recorder(place, oldKey.get()), old, recorder(place, newKey.get()), next);
    return answer(
        () -> new JsonFields().put("old_key", old).put("new_key", next),
        () -> print("signed from now on by " + next));
  }

  private AuditRecorder recorder(Place place, String file) {
    return AuditRecorder.in(console.workplace(), place, () -> signer(file));
  }

  private Signer signer(String file) {
    return new Keys(new Inputs(console)).signer(KeyInput.file(file));
  }

  private PublicKey publicKey(String file) {
    return keys.signing(KeyInput.file(file), Signer::publicKey);
  }
}
