package dev.taper.cli.audit;

import dev.taper.TaperException;
import dev.taper.audit.AuditRecord;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.AuditTrustOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Value;
import dev.taper.operations.Place;
import dev.taper.operations.trail.AuditLogs;
import dev.taper.operations.trail.AuditReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit logs that a command reads. */
final class AuditLogInput extends Arguments {
  private final Value<List<String>> logs;

  private final AuditTrustOption trusted = part(new AuditTrustOption());

  private final Value<@Nullable String> head =
      option(
              "--head",
              "N:HASH",
              "A head that the log had once, kept elsewhere: finds a log that was cut off.")
          .text();

  private final Flag part =
      flag(
          "--part",
          "Read the named files alone, and look for no earlier or later files of their logs.");

  /** Takes all parameters of a command. */
  AuditLogInput() {
    this(0);
  }

  /**
   * Takes the parameters of a command from a place on.
   *
   * @param first the place of the first log
   */
  AuditLogInput(int first) {
    logs =
        parameter(
                first + "..*",
                "1..*",
                "LOG",
                "The audit log: a file, with the earlier files of that log beside it, or a"
                    + " database: "
                    + Place.DATABASE
                    + ".",
                "Several are read as one, in the order of time, each verified for itself.")
            .texts();
  }

  /**
   * The readers of the logs.
   *
   * @throws CliException if the head is none, or belongs to one of several
   */
  List<AuditReader> readers(Console console) {
    if (head.get() != null && logs.get().size() > 1) {
      throw CliException.usage("--head is of one log: name no other");
    }
    AuditRecord.Head expected = head();
    List<AuditReader> readers = new ArrayList<>();
    for (String log : new LinkedHashSet<>(logs.get())) {
      AuditReader reader = trusted.reader(console, log, expected);
      readers.add(part.given() ? reader.ofOneFile() : reader);
    }
    return readers;
  }

  /**
   * The logs, read as one.
   *
   * @throws CliException as {@link #readers}
   */
  AuditLogs logs(Console console) {
    return new AuditLogs(readers(console));
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
