package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.Progress;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.config.Times;
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
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code taper revoke}. */
public final class RevokeCommand extends IssuingCommand {
  private final Value<RevokedThing> kind =
      parameter("0", "1", "KIND", "What to revoke: ${COMPLETION-CANDIDATES}.")
          .oneOf(RevokedThing.REVOCABLE, RevokedThing.BLOCK);

  private final Value<@Nullable String> what =
      parameter(
              "1",
              "0..1",
              "[WHAT]",
              "Which one: a file with the token or approval, an id, a name, or a public key (text,"
                  + " file).")
          .text();

  private final Value<@Nullable String> file =
      option(
              "--from-file",
              "FILE",
              "Many of one kind, a line each (- for standard input), in one list: ids, names, the"
                  + " texts of keys, tokens, or approvals as records name them. If a line is wrong,"
                  + " nothing is revoked.")
          .text();

  private final Value<@Nullable Integer> block =
      option(
              "--block",
              "N",
              "The block to revoke, counted from 0, the authority block. Default: the last.")
          .optional(Integer.class);

  private final Flag asLastHolder =
      flag(
          "--as-last-holder",
          "What the key holds now, not what it handed on or rotated: for an old key that is in good"
              + " hands.");

  private final Flag claimed =
      flag(
          "--claimed-keys",
          "For an agent: its keys by the registry too. In tokens a name is a claim: anybody who"
              + " hands on can give it to another's key.");

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why, for the audit log.").text();

  private final Value<@Nullable String> until =
      option(
              "--until",
              "WHEN",
              "When it would be over anyway: a duration or a date. Default: for a block or an"
                  + " approval's file its own end, else never.")
          .text();

  private final PublicKeyInput rootKeys = part(new PublicKeyInput());
  private final BelievedNames names = part(new BelievedNames());

  /** Runs in the given console. */
  public RevokeCommand(Console console) {
    super(
        console,
        "revoke",
        "Revoke authority: append to the signed list that services look at for every call.",
        "Whatever came of it, by however many hands, ends with it. KIND and WHAT are one of:",
        "  block TOKEN          what one block granted (--block N; default: the token's last)",
        "  task ID              everything granted for a task",
        "  holder KEY           everything that a key held, signed or approved",
        "                       (--as-last-holder: only what it holds now)",
        "  delegator NAME       everything granted in somebody's name",
        "  root KEY             everything that a root key signed",
        "  approval WHAT        an approval: its file, or \"KEY ID\" as records name it",
        "  agent NAME           all keys that the file of names has for an agent, and what it holds",
        "                       by the registry",
        "What was revoked by mistake comes back by `taper revocations lift`.");
    part(registry);
  }

  @Override
  protected ExitCode run() {
    if (kind.get() == RevokedThing.AGENT) {
      return revokeAgent();
    }
    if (claimed.given()) {
      throw CliException.usage("--claimed-keys is for revoking an agent");
    }
    if (names.isWritten()) { // a profile may have names for other commands
      throw CliException.usage("--names is for revoking an agent");
    }
    RevocationEntry.Kind entries = RevocableInput.kind(kind.get(), asLastHolder.given());
    RevocableInput input = new RevocableInput(console);
    Instant end = until.get() == null ? null : Times.end(console.clock(), until.get());
    if (file.get() != null) {
      if (what.get() != null || block.get() != null) {
        throw CliException.usage("--from-file names all that is revoked, by lines");
      }
      return revokeLines(entries, file.get(), input.lines(entries, rootKeys), end);
    }
    Revocable revocable = input.read(entries, what(), block.get(), rootKeys);
    Revocable ended = end == null ? revocable : revocable.until(end);
    return revoke(AuditKind.REVOKE, ended.reason(reason.get()));
  }

  private String what() {
    if (what.get() == null) {
      throw CliException.usage(
          "which " + kind.get().text() + "? say it behind the kind, or use --from-file FILE");
    }
    return what.get();
  }

  /** Revokes what the lines of a file name, in one list. */
  private ExitCode revokeLines(
      RevocationEntry.Kind entries,
      String lines,
      Function<String, Revocable> line,
      @Nullable Instant end) {
    Revoker revoker = revoker();
    RevocationLines.Result read = read(lines, line, end);
    int count = read.entries().size();
    Revoker.Report report = revoker.revokeAll(RevocationBatch.many(read, reason.get()));
    int before = count - report.issued().changed();
    print(
        report,
        new JsonFields()
            .put("kind", entries.text())
            .put("revoked", count)
            .put("duplicates", read.duplicates()),
        "revoked "
            + count
            + " of kind "
            + entries.text()
            + (read.duplicates() == 0 ? "" : ", " + read.duplicates() + " lines said so twice")
            + (before == 0 ? "" : ", " + before + " were revoked before")
            + "; ");
    if (entries != RevocationEntry.Kind.APPROVAL) {
      printEnded(report, "any of these");
    }
    return status(report);
  }

  private RevocationLines.Result read(
      String lines, Function<String, Revocable> line, @Nullable Instant end) {
    Function<String, RevocationEntry> entry =
        text -> {
          Revocable made = line.apply(text);
          return end == null ? made.entry() : made.until(end).entry();
        };
    try (InputStream in =
            lines.equals("-") ? console.in() : Files.newInputStream(console.resolve(lines));
        Progress progress = Progress.of(console, "reading lines", json.given())) {
      return RevocationLines.read(in, entry, progress::at);
    } catch (NoSuchFileException e) {
      throw CliException.io("cannot read the lines: there is no file " + Place.shown(lines), e);
    } catch (IOException e) {
      throw CliException.io("cannot read " + Place.shown(lines) + ": " + e.getMessage(), e);
    }
  }

  /** Revokes all keys of an agent, and what it holds, in one list. */
  private ExitCode revokeAgent() {
    if (until.get() != null
        || block.get() != null
        || !rootKeys.written().isEmpty()
        || asLastHolder.given()) {
      throw CliException.usage(
          "an agent ends as a whole: without --until, --block, --as-last-holder and root keys");
    }
    if (file.get() != null) {
      throw CliException.usage("agents are revoked one by one, not from a file");
    }
    String name = what();
    NamesFile known = names.read(console);
    RegistryAccess access = registry.access(console);
    if (known == null && access == null) {
      throw CliException.usage(
          "an agent is known by a file of names (--names) or a registry (--registry)");
    }
    AgentHoldings agent = AgentHoldings.of(name, known, access);
    if (agent.isUnknown()) {
      throw new OperationException(
          OperationException.Kind.NOTHING,
          "unknown_agent",
          "nothing is known of " + name + ", and nothing was revoked",
          null);
    }
    List<Revocable> things = agent.revocables(claimed.given());
    Revoker.Report report =
        revoker().revokeAll(RevocationBatch.of("agent " + name, things, reason.get()));
    long count =
        things.stream().filter(each -> each.entry().kind() == RevocationEntry.Kind.HOLDER).count();
    long held = things.size() - count;
    print(
        report,
        new JsonFields().rows("revoked", things, IssuingCommand::fields),
        (report.issued().changed() > 0 ? "revoked " : "nothing new: revoked before, ")
            + name
            + ": "
            + Count.of(count, "key")
            + (held == 0 ? "" : ", " + Count.of(held, "delegation") + " by other keys")
            + "; ");
    printEnded(report, name);
    if (!json.given() && !claimed.given() && !agent.claimed().isEmpty()) {
      Warnings.warn(
          console,
          "not revoked as keys, because only tokens say that they are "
              + name
              + "'s: "
              + new KeyNames(known).in(listed(agent.claimed()))
              + "; new tokens for them are good");
    }
    return status(report);
  }

  private static String listed(Collection<?> things) {
    return things.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
  }
}
