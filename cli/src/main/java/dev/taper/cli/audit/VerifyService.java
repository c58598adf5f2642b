package dev.taper.cli.audit;

import dev.taper.audit.AuditFlaw;
import dev.taper.audit.AuditHead;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.crypto.PublicKey;
import java.io.PrintStream;

/** Says whether an audit log is what was written, and names the first place where it is not. */
final class VerifyService {
  private final Console console;

  VerifyService(Console console) {
    this.console = console;
  }

  /**
   * Verifies a log; whether it is intact is the exit code. A log of which nobody said who signs it
   * is not: anybody could have written it.
   */
  ExitCode run(AuditLogInput log, boolean json) {
    LogVerification verdict = log.reader(console).verify(record -> {});
    if (json) {
      json(verdict);
    } else {
      text(verdict);
    }
    return verdict.intact() ? ExitCode.OK : ExitCode.DENIED;
  }

  private void text(LogVerification verdict) {
    PrintStream out = console.out();
    Style style = Style.out(console);
    AuditFlaw flaw = verdict.flaw();
    String amount =
        count(verdict.records(), "record") + ", " + count(verdict.checkpoints(), "checkpoint");
    if (verdict.intact()) {
      out.println(style.good("INTACT") + "  " + amount);
    } else if (flaw == null) {
      out.println(style.warn("CHAINED") + "  " + amount + "; " + AuditNotes.untrusted(verdict));
      verdict.signers().forEach(key -> out.println("  signed by " + key));
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
      out.println("  good up to here: " + count(verdict.records(), "record"));
    }
    if (verdict.records() > 0) {
      out.println("  head: " + verdict.head());
    }
    AuditHead signed = verdict.signed();
    out.println(
        signed == null
            ? "  no checkpoint: nothing is signed"
            : "  signed up to record " + signed.sequence());
    if (verdict.unsigned() > 0 && signed != null) {
      out.println(
          style.warn(
              "  "
                  + count(verdict.unsigned(), "record")
                  + " after the last checkpoint: chained, but not signed"));
    }
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private void json(LogVerification verdict) {
    Json.object(
        console.out(),
        json -> {
          AuditFlaw flaw = verdict.flaw();
          json.writeBooleanField("intact", verdict.intact());
          json.writeBooleanField("consistent", verdict.consistent());
          json.writeBooleanField("trusted", verdict.trusted());
          json.writeArrayFieldStart("signed_by");
          for (PublicKey key : verdict.signers()) {
            json.writeString(key.toString());
          }
          json.writeEndArray();
          json.writeNumberField("records", verdict.records());
          json.writeNumberField("checkpoints", verdict.checkpoints());
          json.writeStringField("head", verdict.head().toString());
          if (verdict.signed() != null) {
            json.writeStringField("signed", verdict.signed().toString());
          }
          json.writeNumberField("unsigned", verdict.unsigned());
          if (flaw != null) {
            json.writeObjectFieldStart("flaw");
            json.writeStringField("kind", flaw.kind().text());
            json.writeNumberField("line", flaw.line());
            json.writeNumberField("record", flaw.sequence());
            json.writeStringField("message", flaw.message());
            json.writeEndObject();
          }
        });
  }
}
