package dev.taper.cli.io;

import dev.taper.audit.AuditRecord;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose checkpoints of an audit log are trusted. */
public final class AuditTrustOption extends Arguments {
  private final Value<List<String>> keys =
      option(
              "--audit-public-key",
              "KEY",
              "A public key whose checkpoints are trusted: its text, or a file. Repeatable.")
          .texts();

  /** Reads a log: a file or a database. With a head, the log has to have had it once. */
  public AuditReader reader(Console console, String log, AuditRecord.@Nullable Head head) {
    List<PublicKey> trusted = new Keys(new Inputs(console)).publicKeys(keys.get());
    return new AuditReader(console.workplace(), Place.written(log), trusted, head);
  }
}
