package dev.taper.cli.revocation;

import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.operations.revoking.Revocable;
import dev.taper.revocation.RevocationKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper revoke}. */
@Command(
    name = "revoke",
    description = {
      "Revoke authority: append to the signed list that services look at for every call.",
      "Whatever came of it, by however many hands, ends with it. KIND and WHAT are one of:",
      "  block TOKEN          what one block granted (--block N; default: the token's last)",
      "  task ID              everything granted for a task",
      "  holder KEY           everything that a key held, signed or approved",
      "                       (--as-last-holder: only what it holds now)",
      "  delegator NAME       everything granted in somebody's name",
      "  root KEY             everything that a root key signed"
    })
public final class RevokeCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      completionCandidates = RevocationKindNames.class,
      converter = RevocationKindNames.class,
      description = "What to revoke: ${COMPLETION-CANDIDATES}.")
  private RevocationKind kind = RevocationKind.BLOCK;

  @Parameters(
      index = "1",
      paramLabel = "WHAT",
      description =
          "Which one: a file with the token, an id, a name, or a public key (text, file).")
  private String what = "";

  @Option(
      names = "--block",
      paramLabel = "N",
      description = "The block to revoke, counted from 0, the authority block. Default: the last.")
  private @Nullable Integer block;

  @Option(
      names = "--as-last-holder",
      description =
          "What the key holds now, not what it handed on or rotated: for an old key that is in good"
              + " hands.")
  private boolean asLastHolder;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the audit log; with --lift also in the list, for all to read.")
  private @Nullable String reason;

  @Option(
      names = "--until",
      paramLabel = "WHEN",
      description =
          "When it would be over anyway: a duration or a date. Default: for a block its own end,"
              + " else never.")
  private @Nullable String until;

  @Option(
      names = "--lift",
      description =
          "Take back what was revoked by mistake. The list states --reason, and who signs it.")
  private boolean lift;

  @Mixin private final PublicKeyInput rootKeys = new PublicKeyInput();
  @Mixin private final RevocationIssueOptions list = new RevocationIssueOptions();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();

  /** Runs in the given console. */
  public RevokeCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (lift && until != null) {
      throw CliException.usage("--until is for revoking, not for --lift");
    }
    RevokeService service = new RevokeService(console);
    Revocable revocable = service.revocable(kind(), what, block, rootKeys, until).reason(reason);
    return lift
        ? service.lift(revocable, reason, list, audit, registry)
        : service.revoke(AuditKind.REVOKE, revocable, list, audit, registry);
  }

  private RevocationKind kind() {
    if (!asLastHolder) {
      return kind;
    }
    if (kind != RevocationKind.HOLDER) {
      throw CliException.usage("--as-last-holder is for revoking a holder's key");
    }
    return RevocationKind.LAST_HOLDER;
  }
}
