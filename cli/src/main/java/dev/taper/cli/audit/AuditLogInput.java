package dev.taper.cli.audit;

import dev.taper.cli.io.PublicKeyInput;
import dev.taper.TaperException;
import dev.taper.audit.AuditHead;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Place;
import dev.taper.cli.io.KeyFormat;
import dev.taper.cli.io.KeyInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The audit log that a command reads. */
public final class AuditLogInput {
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
   * The log.
   *
   * @throws CliException if the head is none
   */
  public LogInput input() {
    List<KeyInput> inputs = new ArrayList<>();
    for (String key : keys) {
      inputs.add(new KeyInput(PublicKeyInput.source(key), KeyFormat.AUTO, null, null));
    }
    return new LogInput(Place.written(log), inputs, head());
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
