package dev.taper.cli.audit;

import dev.taper.TaperException;
import dev.taper.audit.AuditHead;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Keys;
import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The audit log that a command reads. */
final class AuditLogInput {
  @Parameters(
      index = "0",
      paramLabel = "LOG",
      description = "The audit log: a file, or a database: " + Place.DATABASE + ".")
  private String log = "";

  @Option(
      names = "--audit-public-key",
      paramLabel = "KEY",
      description = "A public key whose checkpoints are trusted: its text, or a file. Repeatable.")
  private final List<String> keys = new ArrayList<>();

  @Option(
      names = "--head",
      paramLabel = "N:HASH",
      description = "A head that the log had once, kept elsewhere: finds a log that was cut off.")
  private @Nullable String head;

  /**
   * Reads the log.
   *
   * @throws CliException if the head is none
   */
  AuditReader reader(Console console) {
    return new AuditReader(
        console.workplace(),
        Place.written(log),
        new Keys(new Inputs(console)).publicKeys(keys),
        head());
  }

  private @Nullable AuditHead head() {
    if (head == null) {
      return null;
    }
    try {
      return AuditHead.parse(head);
    } catch (TaperException e) {
      throw CliException.usage(
          "a head is written N:HASH, as taper audit verify prints it, not " + head);
    }
  }
}
