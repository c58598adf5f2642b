package dev.taper.cli.audit;

import dev.taper.JsonFields;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.trail.AuditReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code taper audit verify}. */
final class AuditVerifyCommand extends JsonCommand {
  private final AuditLogInput log = part(new AuditLogInput());

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
    try (Progress progress = Progress.of(console, "verifying records", json.given())) {
      for (AuditReader reader : log.readers(console)) {
        found.add(new Found(reader.name(), reader.verify(record -> progress.step())));
      }
    }
    boolean intact = found.stream().allMatch(each -> each.verification().intact());
    if (json.given()) {
      printJson(fields(found, intact));
    } else {
      for (Found each : found) {
        if (found.size() > 1) {
          print(SafeText.line(each.log()) + ":");
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
        Count.of(found.records(), "record") + ", " + Count.of(found.checkpoints(), "checkpoint");
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
      out.println("  good up to here: " + Count.of(found.records(), "record"));
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
                  + Count.of(found.unsigned(), "record")
                  + " after the last checkpoint: chained, but not signed"));
    }
  }

  private static JsonFields fields(List<Found> found, boolean intact) {
    return found.size() == 1
        ? fields(found.get(0).verification())
        : new JsonFields()
            .put("intact", intact)
            .rows(
                "logs",
                found,
                one -> new JsonFields().put("log", one.log()).putAll(fields(one.verification())));
  }

  private static JsonFields fields(LogVerification found) {
    LogVerification.Flaw flaw = found.flaw();
    return new JsonFields()
        .put("intact", found.intact())
        .put("consistent", found.consistent())
        .put("trusted", found.trusted())
        .put("signed_by", found.signers())
        .put("records", found.records())
        .put("checkpoints", found.checkpoints())
        .put("head", found.head())
        .putIfPresent("signed", found.signed())
        .put("unsigned", found.unsigned())
        .putIfPresent("flaw", flaw == null ? null : fields(flaw));
  }

  private static JsonFields fields(LogVerification.Flaw flaw) {
    return new JsonFields()
        .put("kind", flaw.kind().text())
        .put("line", flaw.line())
        .put("record", flaw.sequence())
        .put("message", flaw.message());
  }
}
