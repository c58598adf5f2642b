package dev.taper.cli.audit;

import dev.taper.TaperException;
import dev.taper.audit.AuditRecord;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Value;
import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit log that a command reads. */
final class AuditLogInput extends Arguments {
  private final Value<String> log =
      parameter("0", "1", "LOG", "The audit log: a file, or a database: " + Place.DATABASE + ".")
          .requiredText();

  private final Value<List<String>> keys =
      option(
              "--audit-public-key",
              "KEY",
              "A public key whose checkpoints are trusted: its text, or a file. Repeatable.")
          .texts();

  private final Value<@Nullable String> head =
      option(
              "--head",
              "N:HASH",
              "A head that the log had once, kept elsewhere: finds a log that was cut off.")
          .text();

  /**
   * Reads the log.
   *
   * @throws CliException if the head is none
   */
  AuditReader reader(Console console) {
    return new AuditReader(
        console.workplace(),
        Place.written(log.get()),
        new Keys(new Inputs(console)).publicKeys(keys.get()),
        head());
  }

  private AuditRecord.@Nullable Head head() {
    if (head.get() == null) {
      return null;
    }
    try {
      return AuditRecord.Head.parse(head.get());
    } catch (TaperException e) {
      throw CliException.usage(
          "a head is written N:HASH, as taper audit verify prints it, not " + head.get());
    }
  }
}
