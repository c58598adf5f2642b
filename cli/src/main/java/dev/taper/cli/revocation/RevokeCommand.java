package dev.taper.cli.revocation;

import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Names;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.operations.revoking.Revocable;
import dev.taper.revocation.RevocationEntry;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code taper revoke}. */
public final class RevokeCommand extends ConsoleCommand {
  // A key as last holder is an option of a holder's key.
  private static final List<RevocationEntry.Kind> NAMED =
      Stream.of(RevocationEntry.Kind.values())
          .filter(kind -> kind != RevocationEntry.Kind.LAST_HOLDER)
          .toList();

  private final Value<RevocationEntry.Kind> kind =
      parameter("0", "1", "KIND", "What to revoke: ${COMPLETION-CANDIDATES}.")
          .oneOf(new Names<>(NAMED, RevocationEntry.Kind::text), RevocationEntry.Kind.BLOCK);

  private final Value<String> what =
      parameter(
              "1",
              "1",
              "WHAT",
              "Which one: a file with the token or approval, an id, a name, or a public key (text,"
                  + " file).")
          .requiredText();

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

  private final Value<@Nullable String> reason =
      option(
              "--reason",
              "TEXT",
              "Why, for the audit log; with --lift also in the list, for all to read.")
          .text();

  private final Value<@Nullable String> until =
      option(
              "--until",
              "WHEN",
              "When it would be over anyway: a duration or a date. Default: for a block or an"
                  + " approval's file its own end, else never.")
          .text();

  private final Flag lift =
      flag(
          "--lift",
          "Take back what was revoked by mistake. The list states --reason, and who signs it.");

  private final PublicKeyInput rootKeys = part(new PublicKeyInput());
  private final RevocationIssueOptions list = part(new RevocationIssueOptions());
  private final AuditOptions audit = part(new AuditOptions());
  private final RegistryOption registry = part(new RegistryOption());

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
        "  approval WHAT        an approval: its file, or \"KEY ID\" as records name it");
  }

  @Override
  protected ExitCode run() {
    if (lift.given() && until.get() != null) {
      throw CliException.usage("--until is for revoking, not for --lift");
    }
    RevokeService service = new RevokeService(console);
    Revocable revocable =
        service
            .revocable(kind(), what.get(), block.get(), rootKeys, until.get())
            .reason(reason.get());
    return lift.given()
        ? service.lift(revocable, reason.get(), list, audit, registry)
        : service.revoke(AuditKind.REVOKE, revocable, list, audit, registry);
  }

  private RevocationEntry.Kind kind() {
    if (!asLastHolder.given()) {
      return kind.get();
    }
    if (kind.get() != RevocationEntry.Kind.HOLDER) {
      throw CliException.usage("--as-last-holder is for revoking a holder's key");
    }
    return RevocationEntry.Kind.LAST_HOLDER;
  }
}
