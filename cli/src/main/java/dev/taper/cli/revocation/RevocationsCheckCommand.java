package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.AuditTrustOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.OperationException;
import dev.taper.operations.revoking.AgentHoldings;
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

/** {@code taper revocations check}. */
final class RevocationsCheckCommand extends JsonCommand {
  private final Value<RevokedThing> kind =
      parameter("0", "1", "KIND", "What to look up: ${COMPLETION-CANDIDATES}.")
          .oneOf(RevokedThing.KNOWN, RevokedThing.TOKEN);

  private final Value<String> what =
      parameter(
              "1",
              "1",
              "WHAT",
              "Which one, as for `taper revoke`; of a token, all that it stands on.")
          .requiredText();

  private final Value<@Nullable Integer> block =
      option("--block", "N", "The block, counted from 0. Default: the token's last.")
          .optional(Integer.class);

  private final Flag asLastHolder = flag("--as-last-holder", "The key as the last holder's.");

  private final Value<@Nullable String> audit =
      option(
              "--audit",
              "LOG",
              "The audit log that says who revoked it, and why: a file or a database.")
          .text();

  private final AuditTrustOption trusted = part(new AuditTrustOption());

  private final PublicKeyInput rootKeys = part(new PublicKeyInput());
  private final RevocationListOptions list = part(new RevocationListOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final NamesOption names = part(new NamesOption());

  RevocationsCheckCommand(Console console) {
    super(
        console,
        "check",
        "Say whether something is revoked: since when, by whom and, with the audit log, why.",
        "Exit 0: it is not, by a list that is fresh. Exit 1: it is. Exit 3: the list is refused, or"
            + " is stale and does not name it, so nobody can tell.");
  }

  @Override
  protected ExitCode run() {
    ListReader once = list.required().reader(console).once();
    AuditReader records = log();
    KeyNames known = names.shown(console);
    RevocationLookup lookup = lookup();
    Instant now = console.clock().instant();
    RevocationList taken = once.load(console.clock());
    RevocationStatus status = taken.check(List.of(), now).status();
    RevocationHeader latest = Objects.requireNonNull(taken.latest());
    List<Answer> answers = lookup.ask(once, records, now);
    boolean isRevoked = answers.stream().anyMatch(Answer::isRevoked);
    if (json.given()) {
      printJson(
          new JsonFields()
              .put("revoked", isRevoked)
              .put("status", status.text())
              .put("number", latest.sequence())
              .put("stale_after", latest.staleAfter())
              .rows("things", answers, RevocationsCheckCommand::fields));
    } else {
      print(known.on(console).out(), isRevoked, status, latest, answers);
    }
    if (isRevoked) {
      return ExitCode.DENIED;
    }
    return status == RevocationStatus.FRESH ? ExitCode.OK : ExitCode.INVALID_TOKEN;
  }

  private void print(
      PrintStream out,
      boolean isRevoked,
      RevocationStatus status,
      RevocationHeader latest,
      List<Answer> answers) {
    Instant now = console.clock().instant();
    Style style = Style.out(console);
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

  private RevocationLookup lookup() {
    RevocableInput input = new RevocableInput(console);
    if (kind.get() == RevokedThing.TOKEN) {
      if (block.get() != null || asLastHolder.given()) {
        throw CliException.usage("a token is looked up with all that it stands on");
      }
      AgentToken token = input.token(what.get());
      return RevocationLookup.of(token, input.rootKey(token, rootKeys));
    }
    if (kind.get() == RevokedThing.AGENT) {
      AgentHoldings agent =
          AgentHoldings.ever(what.get(), names.read(console), registry.access(console));
      if (agent.isUnknown()) {
        throw new OperationException(
            OperationException.Kind.NOTHING,
            "unknown_agent",
            "no key of "
                + what.get()
                + " is known: use --names FILE, or --registry DB that knows what it holds",
            null);
      }
      return RevocationLookup.of(agent.revocables(true));
    }
    return RevocationLookup.of(
        List.of(
            input.read(
                RevocableInput.kind(kind.get(), asLastHolder.given()),
                what.get(),
                block.get(),
                rootKeys)));
  }

  private @Nullable AuditReader log() {
    if (audit.get() == null) {
      if (trusted.isGiven()) {
        throw CliException.usage("--audit-public-key needs --audit LOG");
      }
      return null;
    }
    AuditReader reader = trusted.reader(console, audit.get(), null);
    if (reader.isUnbegun()) {
      Warnings.warn(console, "there is no record in " + reader.name() + " that could say why");
      return null;
    }
    return reader;
  }

  private static JsonFields fields(Answer answer) {
    Listed listed = answer.listed();
    AuditEvent record = answer.record();
    return new JsonFields()
        .put("kind", listed.entry().kind().text())
        .put("what", answer.words())
        .put("fingerprint", listed.entry().fingerprint())
        .put("revoked", answer.isRevoked())
        .put("since", listed.issued())
        .put("since_is_exact", listed.isExact())
        .put("list", listed.sequence())
        .put("issuer", listed.issuer())
        .putIfPresent("until", listed.entry().until())
        .putIfPresent("lifted", listed.lifted())
        .putIfPresent("record", record == null ? null : fields(record));
  }

  private static JsonFields fields(AuditEvent record) {
    AuditEvent.Subject about = record.subject();
    return new JsonFields()
        .put("time", record.time())
        .putIfPresent("by", record.by())
        .putIfPresent("reason", about == null ? null : about.reason());
  }
}
