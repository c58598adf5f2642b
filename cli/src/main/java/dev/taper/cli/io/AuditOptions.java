package dev.taper.cli.io;

import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditRecorder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The audit log that a command leaves a record in. */
public final class AuditOptions extends Arguments {
  private final Value<@Nullable String> log =
      option(
              "--audit",
              "LOG",
              "Leave a record in this audit log; if that fails, nothing is done. But revoke, task end,",
              "review and registry publish act first: what they did is in force even if no record can",
              "be left (exit 5).",
              "A file, or a database that others share: " + Place.DATABASE + ".")
          .text();

  private final Value<@Nullable String> key =
      option("--audit-key", "FILE", "File with the private key that signs the audit log.").text();

  /**
   * True if a log is given.
   *
   * @throws CliException if only one of the two options was given
   */
  public boolean isGiven() {
    if ((log.get() == null) != (key.get() == null)) {
      throw CliException.usage("--audit LOG and --audit-key FILE go together");
    }
    return log.get() != null;
  }

  /**
   * Keeps records in the log, or keeps none.
   *
   * @throws CliException if only one of the two options was given
   */
  public AuditRecorder recorder(Console console) {
    if (!isGiven()) {
      return AuditRecorder.none();
    }
    KeyInput signer = KeyInput.file(Objects.requireNonNull(key.get()));
    return AuditRecorder.in(
        console.workplace(),
        Place.written(Objects.requireNonNull(log.get())),
        () -> new Keys(new Inputs(console)).signer(signer));
  }
}
