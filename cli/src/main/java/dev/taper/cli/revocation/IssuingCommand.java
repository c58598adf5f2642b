package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.RevocationEntry;
import java.util.List;

/** A command that signs the next revocation list, and says so. */
abstract class IssuingCommand extends JsonCommand {
  /** The list, and who signs it. */
  protected final RevocationIssueOptions list = part(new RevocationIssueOptions());

  /** The audit log. */
  protected final AuditOptions audit = part(new AuditOptions());

  /** Whether JSON is wanted. */

  /** The registry to tell, for commands that make it one of their parts. */
  protected final RegistryOption registry = new RegistryOption();

  IssuingCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  /** Revokes, and issues lists. */
  protected final Revoker revoker() {
    return list.revoker(console, audit, registry);
  }

  /**
   * Prints what was done, and which list is in force now.
   *
   * @param report what came of it
   * @param done what was done, for programs
   * @param words the same for people, with a semicolon behind it
   */
  protected final void print(Revoker.Report report, JsonFields done, String words) {
    if (json.given()) {
      printJson(done.putAll(fields(list.place(), report)));
      return;
    }
    IssueText.lapsed(console, report.lapsed());
    print(
        SafeText.line(
            words + list.place().shown() + " is now number " + report.issued().sequence()));
    IssueText.shorter(console, report.issued());
  }

  /** The list that is in force now. */
  static JsonFields fields(Place list, Revoker.Report report) {
    return new JsonFields()
        .put("list", list.shown())
        .put("number", report.issued().sequence())
        .put("new", report.issued().changed())
        .putIfPresent("ended", report.ended().isPresent() ? report.ended().getAsInt() : null)
        .put("lapsed", report.lapsed().size())
        .put("complete", report.failure() == null);
  }

  /** Says how much ended. A misspelled name ends nothing, and should not look as if it did. */
  protected final void printEnded(Revoker.Report report, String words) {
    if (json.given() || report.ended().isEmpty()) {
      return;
    }
    int count = report.ended().getAsInt();
    if (count == 0) {
      print("ends nothing that the registry knows");
      Warnings.warn(console, "nothing living stands on " + words + "; is it the right one?");
    } else {
      print("ends " + Count.of(count, "living delegation"));
    }
  }

  /** Revokes one thing. */
  protected final ExitCode revoke(AuditKind kind, Revocable what) {
    Revoker.Report report = revoker().revoke(kind, what);
    String done = report.issued().changed() > 0 ? "revoked " : "nothing new: revoked before, ";
    String end = what.entry().until() == null ? "" : ", which ends at " + what.entry().until();
    print(
        report,
        new JsonFields().rows("revoked", List.of(what), IssuingCommand::fields),
        done + what.words() + end + "; ");
    // No token ends by an approval that is taken back.
    if (what.entry().kind() != RevocationEntry.Kind.APPROVAL) {
      printEnded(report, what.words());
    }
    return status(report);
  }

  /** Something that was revoked. */
  static JsonFields fields(Revocable thing) {
    return new JsonFields()
        .put("kind", thing.entry().kind().text())
        .put("id", thing.subject().id())
        .put("fingerprint", thing.entry().fingerprint())
        .putIfPresent("task", thing.task())
        .putIfPresent("until", thing.entry().until());
  }

  /** Reports what failed after the list was in force as any other failure. */
  static ExitCode status(Revoker.Report report) {
    if (report.failure() != null) {
      throw report.failure();
    }
    return ExitCode.OK;
  }
}
