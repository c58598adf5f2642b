package dev.taper.cli.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.trail.AuditReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code taper audit verify}. */
final class AuditVerifyCommand extends ConsoleCommand {
  private final AuditLogInput log = part(new AuditLogInput());
  private final JsonOption json = part(new JsonOption());

  AuditVerifyCommand(Console console) {
    super(
        console,
        "verify",
        "Say whether an audit log is what was written to it: exit 0, or exit 1 and the first record"
            + " that was edited, removed, inserted, moved or cut off. Without a key that may have"
            + " signed it, a log without flaws is called CHAINED, not INTACT (exit 1).");
  }

  /** What was found in one of the logs. */
  private record Found(String log, LogVerification verification) {}

  @Override
  protected ExitCode run() {
    List<Found> found = new ArrayList<>();
    try (Progress progress = Progress.of(console, "verifying records", json.json())) {
      for (AuditReader reader : log.readers(console)) {
        found.add(new Found(reader.name(), reader.verify(record -> progress.step())));
      }
    }
    boolean intact = found.stream().allMatch(each -> each.verification().intact());
    if (json.json()) {
      printJson(found, intact);
    } else {
      for (Found each : found) {
        if (found.size() > 1) {
          console.out().println(SafeText.line(each.log()) + ":");
        }
        print(each.verification());
      }
    }
    return intact ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(LogVerification found) {
    PrintStream out = console.out();
    Style style = Style.out(console);
    LogVerification.Flaw flaw = found.flaw();
    String amount =
        count(found.records(), "record") + ", " + count(found.checkpoints(), "checkpoint");
    if (found.intact()) {
      out.println(style.good("INTACT") + "  " + amount);
    } else if (flaw == null) {
      out.println(style.warn("CHAINED") + "  " + amount + "; " + AuditNotes.untrusted(found));
      found.signers().forEach(key -> out.println("  signed by " + key));
    } else {
      out.println(
          style.bad("NOT INTACT")
              + "  "
              + flaw.kind().text()
              + "  line "
              + flaw.line()
              + ", record "
              + flaw.sequence());
      out.println("  " + SafeText.line(flaw.message()));
      out.println("  good up to here: " + count(found.records(), "record"));
    }
    if (found.records() > 0) {
      out.println("  head: " + found.head());
    }
    AuditRecord.Head signed = found.signed();
    out.println(
        signed == null
            ? "  no checkpoint: nothing is signed"
            : "  signed up to record " + signed.sequence());
    if (found.unsigned() > 0 && signed != null) {
      out.println(
          style.warn(
              "  "
                  + count(found.unsigned(), "record")
                  + " after the last checkpoint: chained, but not signed"));
    }
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** One log alone is the object; several are in an array. */
  private void printJson(List<Found> found, boolean intact) {
    Json.object(
        console.out(),
        out -> {
          if (found.size() == 1) {
            write(out, found.get(0).verification());
            return;
          }
          out.writeBooleanField("intact", intact);
          out.writeArrayFieldStart("logs");
          for (Found one : found) {
            out.writeStartObject();
            out.writeStringField("log", one.log());
            write(out, one.verification());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static void write(JsonGenerator out, LogVerification found) throws IOException {
    LogVerification.Flaw flaw = found.flaw();
    out.writeBooleanField("intact", found.intact());
    out.writeBooleanField("consistent", found.consistent());
    out.writeBooleanField("trusted", found.trusted());
    out.writeArrayFieldStart("signed_by");
    for (PublicKey key : found.signers()) {
      out.writeString(key.toString());
    }
    out.writeEndArray();
    out.writeNumberField("records", found.records());
    out.writeNumberField("checkpoints", found.checkpoints());
    out.writeStringField("head", found.head().toString());
    if (found.signed() != null) {
      out.writeStringField("signed", found.signed().toString());
    }
    out.writeNumberField("unsigned", found.unsigned());
    if (flaw != null) {
      out.writeObjectFieldStart("flaw");
      out.writeStringField("kind", flaw.kind().text());
      out.writeNumberField("line", flaw.line());
      out.writeNumberField("record", flaw.sequence());
      out.writeStringField("message", flaw.message());
      out.writeEndObject();
    }
  }
}
