package dev.taper.cli.revocation;

import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import dev.taper.operations.config.Times;
import dev.taper.operations.revoking.Revocable;
import dev.taper.revocation.RevocationEntry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code taper revoke}. */
public final class RevokeCommand extends ConsoleCommand {
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
  private final RevocationIssueOptions list = part(new RevocationIssueOptions());
  private final BelievedNames names = part(new BelievedNames());
  private final AuditOptions audit = part(new AuditOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final JsonOption json = part(new JsonOption());

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
  }

  @Override
  protected ExitCode run() {
    RevokeService service = new RevokeService(console, list, audit, registry, json.json());
    if (kind.get() == RevokedThing.AGENT) {
      return agent(service);
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
      return service.revokeLines(
          entries, file.get(), input.lines(entries, rootKeys), end, reason.get());
    }
    Revocable revocable = input.read(entries, what(), block.get(), rootKeys);
    Revocable ended = end == null ? revocable : revocable.until(end);
    return service.revoke(AuditKind.REVOKE, ended.reason(reason.get()));
  }

  private ExitCode agent(RevokeService service) {
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
    return service.revokeAgent(what(), names.read(console), claimed.given(), reason.get());
  }

  private String what() {
    if (what.get() == null) {
      throw CliException.usage(
          "which " + kind.get().text() + "? say it behind the kind, or use --from-file FILE");
    }
    return what.get();
  }
}
