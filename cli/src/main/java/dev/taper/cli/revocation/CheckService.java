package dev.taper.cli.revocation;

import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.revoking.ListReader;
import dev.taper.operations.revoking.RevocationLookup;
import dev.taper.operations.revoking.RevocationLookup.Answer;
import dev.taper.operations.revoking.RevocationLookup.Listed;
import dev.taper.operations.trail.AuditReader;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says whether something is revoked. */
final class CheckService extends ConsoleService {
  private final ListReader list;
  private final @Nullable AuditReader log;
  private final KeyNames names;

  CheckService(Console console, ListReader list, @Nullable AuditReader log, KeyNames names) {
    super(console);
    this.list = list;
    this.log = log;
    this.names = names;
  }

  ExitCode check(RevocationLookup lookup, boolean asJson) {
    Instant now = console.clock().instant();
    ListReader once = list.once();
    RevocationList taken = once.load(console.clock());
    RevocationStatus status = taken.check(List.of(), now).status();
    RevocationHeader latest = Objects.requireNonNull(taken.latest());
    List<Answer> answers = lookup.ask(once, log, now);
    boolean isRevoked = answers.stream().anyMatch(Answer::isRevoked);
    if (asJson) {
      json(isRevoked, status, latest, answers);
    } else {
      print(isRevoked, status, latest, answers);
    }
    if (isRevoked) {
      return ExitCode.DENIED;
    }
    return status == RevocationStatus.FRESH ? ExitCode.OK : ExitCode.INVALID_TOKEN;
  }

  private void print(
      boolean isRevoked, RevocationStatus status, RevocationHeader latest, List<Answer> answers) {
    Instant now = console.clock().instant();
    Style style = Style.out(console);
    PrintStream out = names.on(console).out();
    boolean isFresh = status == RevocationStatus.FRESH;
    String said =
        isRevoked
            ? style.bad("REVOKED")
            : isFresh ? style.good("NOT REVOKED") : style.bad("NOBODY CAN TELL");
    out.println(
        said
            + "  by list number "
            + latest.sequence()
            + ", stale "
            + HumanTime.fromNow(latest.staleAfter(), now));
    for (Answer answer : answers) {
      Listed listed = answer.listed();
      out.println("  " + SafeText.line(answer.words()));
      if (listed.lifted() != null) {
        out.println(
            "    lifted by list number "
                + listed.sequence()
                + " of "
                + listed.issued()
                + ": "
                + SafeText.line(listed.lifted()));
        continue;
      }
      out.println(
          "    since  "
              + (listed.isExact() ? "" : "at the latest ")
              + listed.issued()
              + ", list number "
              + listed.sequence());
      out.println("    until  " + (listed.entry().until() == null ? "ever" : end(listed, now)));
      out.println("    by     " + listed.issuer());
      AuditEvent record = answer.record();
      AuditEvent.Subject about = record == null ? null : record.subject();
      if (record != null && about != null) {
        String why = about.reason() == null ? "no reason was given" : about.reason();
        String who = record.by() == null ? "" : ", by " + record.by();
        out.println(
            "    why    " + SafeText.line(why + " (recorded at " + record.time() + who + ")"));
      }
    }
    out.flush();
  }

  private static String end(Listed listed, Instant now) {
    Instant until = Objects.requireNonNull(listed.entry().until());
    return until + (until.isBefore(now) ? ", which is past" : "");
  }

  private void json(
      boolean isRevoked, RevocationStatus status, RevocationHeader latest, List<Answer> answers) {
    Json.object(
        console.out(),
        json -> {
          json.writeBooleanField("revoked", isRevoked);
          json.writeStringField("status", status.text());
          json.writeNumberField("number", latest.sequence());
          json.writeStringField("stale_after", latest.staleAfter().toString());
          json.writeArrayFieldStart("things");
          for (Answer answer : answers) {
            Listed listed = answer.listed();
            json.writeStartObject();
            json.writeStringField("kind", listed.entry().kind().text());
            json.writeStringField("what", answer.words());
            json.writeStringField("fingerprint", listed.entry().fingerprint().toString());
            json.writeBooleanField("revoked", answer.isRevoked());
            json.writeStringField("since", listed.issued().toString());
            json.writeBooleanField("since_is_exact", listed.isExact());
            json.writeNumberField("list", listed.sequence());
            json.writeStringField("issuer", listed.issuer().toString());
            Json.text(json, "until", listed.entry().until());
            Json.text(json, "lifted", listed.lifted());
            AuditEvent record = answer.record();
            if (record != null) {
              json.writeObjectFieldStart("record");
              json.writeStringField("time", record.time().toString());
              Json.text(json, "by", record.by());
              AuditEvent.Subject about = record.subject();
              Json.text(json, "reason", about == null ? null : about.reason());
              json.writeEndObject();
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
