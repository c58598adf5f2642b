package dev.taper.cli.audit;

import dev.taper.audit.AuditBasis;
import dev.taper.audit.AuditContent;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.trail.AuditReader;
import dev.taper.operations.trail.RecordWords;
import java.io.PrintStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Prints one record, whole and in words. */
final class RecordText {
  private static final int WIDTH = 14;

  private final PrintStream out;
  private final Style style;
  private final UnaryOperator<String> naming;

  RecordText(PrintStream out, Style style, UnaryOperator<String> naming) {
    this.out = out;
    this.style = style;
    this.naming = naming;
  }

  void print(AuditReader.Hit hit) {
    AuditRecord record = hit.record();
    AuditContent content = record.content();
    line(
        style.bold("Record " + record.sequence())
            + " of "
            + SafeText.line(hit.log())
            + "  "
            + content.kind().text().replace('_', ' ')
            + "  "
            + content.time());
    status(hit);
    if (content instanceof AuditEvent event) {
      event(event);
    } else {
      own(content);
    }
    row("hash", record.hash());
    row("follows", record.previous());
  }

  private void status(AuditReader.Hit hit) {
    LogVerification log = hit.verification();
    AuditRecord checkpoint = hit.checkpoint();
    if (log.flaw() != null) {
      line("  " + style.bad("NOT VERIFIED") + "  the log has a flaw: " + log.flaw().message());
    } else if (checkpoint == null) {
      line(
          "  "
              + style.warn("CHAINED")
              + "  behind the last checkpoint: anyone who can write the log could have changed it");
    } else {
      String by = "checkpoint " + checkpoint.sequence() + " by " + naming.apply(hit.signer() + "");
      line(
          log.trusted()
              ? "  " + style.good("SIGNED") + "  " + SafeText.line(by)
              : "  "
                  + style.bad("NOT VERIFIED")
                  + "  "
                  + SafeText.line(by + "; " + AuditNotes.untrusted(log)));
    }
  }

  private void own(AuditContent content) {
    if (content instanceof AuditContent.LogStart start) {
      row("log", start.log());
    } else if (content instanceof AuditContent.LogRecovery recovery) {
      row("dropped", recovery.bytes() + " bytes with the digest " + recovery.digest());
    } else if (content instanceof AuditContent.Checkpoint checkpoint) {
      row("signed by", named(checkpoint.key().toString()));
      row("signature", checkpoint.signature());
    }
  }

  private void event(AuditEvent event) {
    row("by", event.by() == null ? null : naming.apply(event.by()));
    row("delegator", event.delegator());
    row("task", event.task());
    row("purpose", event.purpose());
    row("token", event.token());
    AuditEvent.Call call = event.call();
    if (call != null) {
      row("call", RecordWords.call(call));
      row("service", call.audience());
      row("arguments", call.args() == null ? "any" : "digest " + call.args());
      row("recorded", call.recorded().isEmpty() ? null : RecordWords.arguments(call));
    }
    if (event.basis() != null) {
      basis(event, event.basis());
    }
    AuditEvent.Subject subject = event.subject();
    if (subject != null) {
      row(subject.type().replace('_', ' '), naming.apply(subject.id()));
      row("decision", subject.decision());
      row("until", subject.until());
      row("reason", subject.reason());
    }
    event.hops().forEach(this::hop);
  }

  private void basis(AuditEvent event, AuditBasis basis) {
    row("caller", RecordWords.caller(event, naming));
    row("denied as", RecordWords.code(event));
    row("refused by", basis.failingHop() == null ? null : "block " + basis.failingHop());
    row("decided by", RecordWords.decider(event));
    row("policies", basis.policy());
    row("catalog", basis.catalog());
    row("root key", named(basis.rootKey().toString()));
    row("list", basis.revocationSequence() == null ? null : list(basis));
    RecordWords.grounds(event, naming).forEach(words -> row("rests on", words));
  }

  private static String list(AuditBasis basis) {
    return "revocation list "
        + basis.revocationSequence()
        + (basis.revocationAgeMillis() == null
            ? ""
            : ", " + basis.revocationAgeMillis() / 1000 + " s old");
  }

  private void hop(AuditHop hop) {
    String holder = hop.holder() == null ? "whoever bears the token" : hop.holder();
    row(
        "block " + hop.block(),
        hop.mode().text().replace('_', ' ') + " by " + naming.apply(hop.by()) + " to " + holder);
    row("", "key " + named(hop.key().toString()) + ", token " + hop.digest());
    row("", hop.until() == null ? "without end" : "until " + hop.until());
    row("", hop.granted() == null ? null : naming.apply(hop.granted()));
  }

  /** A key's name and the key; a record that is looked at alone has to say which key it was. */
  private String named(String key) {
    String name = naming.apply(key);
    return name.equals(RecordWords.shortened(key)) ? key : name + " (" + key + ")";
  }

  private void row(String name, @Nullable Object value) {
    if (value != null) {
      line("  " + style.label(name, WIDTH) + SafeText.line(value.toString()));
    }
  }

  private void line(String text) {
    out.println(text);
  }
}
