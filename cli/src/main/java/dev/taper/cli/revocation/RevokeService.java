package dev.taper.cli.revocation;

import dev.taper.agent.NamesFile;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.revoking.AgentHoldings;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.RevocationBatch;
import dev.taper.operations.revoking.RevocationLines;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.RevocationEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Revokes, and issues revocation lists. */
final class RevokeService extends ConsoleService {
  private final RevocationIssueOptions list;
  private final AuditOptions audit;
  private final RegistryOption registry;
  private final boolean asJson;

  /**
   * Works on a list.
   *
   * @param console the console
   * @param list the list, and who signs it
   * @param audit the audit log
   * @param registry the registry to tell
   * @param asJson whether to print JSON
   */
  RevokeService(
      Console console,
      RevocationIssueOptions list,
      AuditOptions audit,
      RegistryOption registry,
      boolean asJson) {
    super(console);
    this.list = list;
    this.audit = audit;
    this.registry = registry;
    this.asJson = asJson;
  }

  /**
   * Revokes something: adds it to a signed list, or starts the list.
   *
   * @param kind {@link AuditKind#REVOKE}, or {@link AuditKind#TASK_END} to end a task
   * @param what what to revoke
   */
  ExitCode revoke(AuditKind kind, Revocable what) {
    Revoker.Report report = revoker().revoke(kind, what);
    if (asJson) {
      return printed(List.of(what), report);
    }
    String done = report.issued().changed() > 0 ? "revoked " : "nothing new: revoked before, ";
    String end = what.entry().until() == null ? "" : ", which ends at " + what.entry().until();
    say(done + what.words() + end + "; ", report);
    // No token ends by an approval that is taken back.
    if (what.entry().kind() != RevocationEntry.Kind.APPROVAL) {
      sayEnded(report, what.words());
    }
    return status(report);
  }

  /**
   * Revokes what the lines of a file name, in one list.
   *
   * @param kind what they name
   * @param file the file, or - for standard input
   * @param line makes out a line
   * @param until the end of each entry; null for its own, or none
   * @param reason why, or null
   */
  ExitCode revokeLines(
      RevocationEntry.Kind kind,
      String file,
      Function<String, Revocable> line,
      @Nullable Instant until,
      @Nullable String reason) {
    Revoker revoker = revoker();
    RevocationLines.Result read = lines(file, line, until);
    int count = read.entries().size();
    Revoker.Report report = revoker.revokeAll(RevocationBatch.many(read, reason));
    if (asJson) {
      Json.object(
          console.out(),
          json -> {
            json.writeStringField("kind", kind.text());
            json.writeNumberField("revoked", count);
            json.writeNumberField("duplicates", read.duplicates());
            RevokedJson.report(json, list.place(), report);
          });
      return status(report);
    }
    int before = count - report.issued().changed();
    say(
        "revoked "
            + count
            + " of kind "
            + kind.text()
            + (read.duplicates() == 0 ? "" : ", " + read.duplicates() + " lines said so twice")
            + (before == 0 ? "" : ", " + before + " were revoked before")
            + "; ",
        report);
    if (kind != RevocationEntry.Kind.APPROVAL) {
      sayEnded(report, "any of these");
    }
    return status(report);
  }

  private RevocationLines.Result lines(
      String file, Function<String, Revocable> line, @Nullable Instant until) {
    Function<String, RevocationEntry> entry =
        text -> {
          Revocable made = line.apply(text);
          return until == null ? made.entry() : made.until(until).entry();
        };
    try (InputStream in =
            file.equals("-") ? console.in() : Files.newInputStream(console.resolve(file));
        Progress progress = Progress.of(console, "reading lines", asJson)) {
      return RevocationLines.read(in, entry, progress::at);
    } catch (NoSuchFileException e) {
      throw CliException.io("cannot read the lines: there is no file " + Place.shown(file), e);
    } catch (IOException e) {
      throw CliException.io("cannot read " + Place.shown(file) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Revokes all keys of an agent, and what it holds, in one list.
   *
   * @param name the agent's name
   * @param names the file of names, or null
   * @param withClaimed whether keys count that only the registry has for the name
   * @param reason why, or null
   */
  ExitCode revokeAgent(
      String name, @Nullable NamesFile names, boolean withClaimed, @Nullable String reason) {
    RegistryAccess access = registry.access(console);
    if (names == null && access == null) {
      throw CliException.usage(
          "an agent is known by a file of names (--names) or a registry (--registry)");
    }
    AgentHoldings agent = AgentHoldings.of(name, names, access);
    if (agent.isUnknown()) {
      throw new OperationException(
          OperationException.Kind.NOTHING,
          "unknown_agent",
          "nothing is known of " + name + ", and nothing was revoked",
          null);
    }
    List<Revocable> things = agent.revocables(withClaimed);
    Revoker.Report report =
        revoker().revokeAll(RevocationBatch.of("agent " + name, things, reason));
    if (asJson) {
      return printed(things, report);
    }
    long keys =
        things.stream().filter(each -> each.entry().kind() == RevocationEntry.Kind.HOLDER).count();
    long held = things.size() - keys;
    say(
        (report.issued().changed() > 0 ? "revoked " : "nothing new: revoked before, ")
            + name
            + ": "
            + RevocationText.count(keys, "key")
            + (held == 0 ? "" : ", " + RevocationText.count(held, "delegation") + " by other keys")
            + "; ",
        report);
    sayEnded(report, name);
    if (!withClaimed && !agent.claimed().isEmpty()) {
      Warnings.warn(
          console,
          "not revoked as keys, because only tokens say that they are "
              + name
              + "'s: "
              + new KeyNames(names).in(RevocationText.listed(agent.claimed()))
              + "; new tokens for them are good");
    }
    return status(report);
  }

  private Revoker revoker() {
    return list.revoker(console, audit, registry);
  }

  private ExitCode printed(List<Revocable> things, Revoker.Report report) {
    Json.object(
        console.out(),
        json -> {
          RevokedJson.things(json, "revoked", things);
          RevokedJson.report(json, list.place(), report);
        });
    return status(report);
  }

  /** A misspelled name ends nothing, and should not look as if it did. */
  private void sayEnded(Revoker.Report report, String words) {
    if (report.ended().isEmpty()) {
      return;
    }
    int count = report.ended().getAsInt();
    if (count == 0) {
      console.out().println("ends nothing that the registry knows");
      Warnings.warn(console, "nothing living stands on " + words + "; is it the right one?");
    } else {
      console.out().println("ends " + RevocationText.count(count, "living delegation"));
    }
  }

  /**
   * Takes back what was revoked.
   *
   * @param what what to lift
   * @param reason why; the list states it
   */
  ExitCode lift(Revocable what, String reason) {
    Revoker.Report report = revoker().lift(what, reason);
    if (asJson) {
      Json.object(
          console.out(),
          json -> {
            RevokedJson.things(json, "lifted", List.of(what));
            json.writeStringField("reason", reason);
            RevokedJson.report(json, list.place(), report);
          });
      return status(report);
    }
    say("lifted " + what.words() + "; ", report);
    return status(report);
  }

  /** Issues a list anew. */
  ExitCode sign() {
    Revoker.Report report = revoker().sign();
    if (asJson) {
      Json.object(console.out(), json -> RevokedJson.report(json, list.place(), report));
      return status(report);
    }
    say("", report);
    return status(report);
  }

  private void say(String what, Revoker.Report report) {
    IssueText text = new IssueText(console);
    text.lapsed(report.lapsed());
    console
        .out()
        .println(
            SafeText.line(
                what + list.place().shown() + " is now number " + report.issued().sequence()));
    text.shorter(report.issued());
  }

  /** Reports what failed after the list was in force as any other failure. */
  static ExitCode status(Revoker.Report report) {
    if (report.failure() != null) {
      throw report.failure();
    }
    return ExitCode.OK;
  }
}
