package dev.taper.cli.audit;

import dev.taper.JsonFields;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Json;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.Style;
import dev.taper.operations.OperationException;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.RecordWords;
import java.util.ArrayList;
import java.util.List;

/** {@code taper audit show}. */
final class AuditShowCommand extends JsonCommand {
  private final Value<String> record =
      parameter(
              "0",
              "1",
              "RECORD",
              "The record: its number, or its hash or the first 8 digits of that or more.")
          .requiredText();

  private final AuditLogInput logs = part(new AuditLogInput(1));
  private final NamesOption names = part(new NamesOption());

  AuditShowCommand(Console console) {
    super(
        console,
        "show",
        "Tell all that one record of an audit log says, and whether it is chained and signed.",
        "Exit 1 if the log has a flaw, or no key that was named has signed the record.");
  }

  @Override
  protected ExitCode run() {
    NamesFile known = AuditNotes.names(console, names);
    List<AuditReader.Hit> hits = new ArrayList<>();
    List<AuditReader> readers = logs.readers(console);
    try (Progress progress = Progress.of(console, "reading records", json.given())) {
      for (AuditReader reader : readers) {
        hits.addAll(reader.find(record.get(), progress::step));
      }
    }
    if (hits.isEmpty()) {
      throw OperationException.nothing("no such record: " + record.get());
    }
    if (hits.size() > 1) {
      throw CliException.usage(
          "several records are meant by "
              + record.get()
              + "; give more digits of its hash, or one log: "
              + String.join(", ", hits.stream().map(AuditShowCommand::called).toList()));
    }
    AuditReader.Hit hit = hits.get(0);
    if (json.given()) {
      Json.result(console.out(), fields(hit).putAll(hit.fields(known)));
    } else {
      new RecordText(console.out(), Style.out(console), RecordWords.naming(known)).print(hit);
    }
    return hit.isSigned() ? ExitCode.OK : ExitCode.DENIED;
  }

  private static String called(AuditReader.Hit hit) {
    return hit.record().hash() + " in " + hit.log();
  }

  private static JsonFields fields(AuditReader.Hit hit) {
    LogVerification log = hit.verification();
    AuditRecord checkpoint = hit.checkpoint();
    return new JsonFields()
        .put("log", hit.log())
        .put("signed", hit.isSigned())
        .put("log_intact", log.intact())
        .putIfPresent("checkpoint", checkpoint == null ? null : checkpoint.sequence())
        .putIfPresent("signed_by", checkpoint == null ? null : hit.signer())
        .putIfPresent("flaw", log.flaw() == null ? null : log.flaw().message());
  }
}
