package dev.taper.cli.revocation;

import dev.taper.agent.approval.Approval;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Warnings;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.config.Times;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.revocation.RevocationEntry;
import dev.taper.token.UnverifiedToken;
import org.jspecify.annotations.Nullable;

/** Revokes, and issues revocation lists. */
final class RevokeService extends ConsoleService {
  RevokeService(Console console) {
    super(console);
  }

  /**
   * Revokes something: adds it to a signed list, or starts the list.
   *
   * @param kind {@link AuditKind#REVOKE}, or {@link AuditKind#TASK_END} to end a task
   * @param what what to revoke
   * @param list the list, and who signs it
   * @param audit the audit log
   * @param registry the registry to tell
   */
  ExitCode revoke(
      AuditKind kind,
      Revocable what,
      RevocationIssueOptions list,
      AuditOptions audit,
      RegistryOption registry) {
    Revoker.Report report = list.revoker(console, audit, registry).revoke(kind, what);
    String done = report.issued().changed() > 0 ? "revoked " : "nothing new: revoked before, ";
    String end = what.entry().until() == null ? "" : ", which ends at " + what.entry().until();
    say(list, done + what.words() + end + "; ", report);
    // No token ends by an approval that is taken back.
    if (report.ended().isPresent() && what.entry().kind() != RevocationEntry.Kind.APPROVAL) {
      sayEnded(report.ended().getAsInt(), what.words());
    }
    return status(report);
  }

  /** A misspelled name ends nothing, and should not look as if it did. */
  private void sayEnded(int count, String words) {
    if (count == 0) {
      console.out().println("ends nothing that the registry knows");
      Warnings.warn(console, "nothing living stands on " + words + "; is it the right one?");
    } else {
      console.out().println("ends " + count + " living delegation" + (count == 1 ? "" : "s"));
    }
  }

  /**
   * Takes back what was revoked.
   *
   * @param what what to lift
   * @param reason why; the list states it
   * @param list the list, and who signs it
   * @param audit the audit log
   * @param registry the registry to tell
   */
  ExitCode lift(
      Revocable what,
      @Nullable String reason,
      RevocationIssueOptions list,
      AuditOptions audit,
      RegistryOption registry) {
    if (reason == null) {
      throw CliException.usage("why is it lifted? use --reason TEXT; the list states it");
    }
    Revoker.Report report = list.revoker(console, audit, registry).lift(what, reason);
    say(list, "lifted " + what.words() + "; ", report);
    return status(report);
  }

  /** Issues a list anew. */
  ExitCode sign(RevocationIssueOptions list, AuditOptions audit) {
    Revoker.Report report = list.revoker(console, audit, new RegistryOption()).sign();
    say(list, "", report);
    return status(report);
  }

  private void say(RevocationIssueOptions list, String what, Revoker.Report report) {
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
  private static ExitCode status(Revoker.Report report) {
    if (report.failure() != null) {
      throw report.failure();
    }
    return ExitCode.OK;
  }

  /**
   * What a command revokes.
   *
   * @param kind what it is
   * @param what its name, its key (text or file), the token that has the block, or the approval
   * @param block the block's index; null for the token's last
   * @param rootKeys which root keys the token is verified with
   * @param until the end of the entry as written; null for that of the block, or none
   */
  Revocable revocable(
      RevocationEntry.Kind kind,
      String what,
      @Nullable Integer block,
      PublicKeyInput rootKeys,
      @Nullable String until) {
    if (kind != RevocationEntry.Kind.BLOCK && (block != null || rootKeys.isGiven())) {
      throw CliException.usage(
          (block != null ? "--block" : "a root key") + " is for revoking a block");
    }
    Revocable revocable =
        switch (kind) {
          case TASK -> Revocable.task(what);
          case DELEGATOR -> Revocable.delegator(what);
          case HOLDER -> Revocable.holder(key(what));
          case LAST_HOLDER -> Revocable.lastHolder(key(what));
          case ROOT -> Revocable.root(key(what));
          case BLOCK -> block(what, block, rootKeys);
          case APPROVAL -> approval(what);
        };
    return until == null ? revocable : revocable.until(Times.end(console.clock(), until));
  }

  private Revocable block(String file, @Nullable Integer block, PublicKeyInput rootKeys) {
    if (!rootKeys.isGiven()) {
      throw CliException.usage(
          "the root key is needed to see whose block it is: use --public-key or --keys");
    }
    UnverifiedToken token = tokens.read(new EncodedInput(Source.ofFile(file), false));
    RootKeys trusted = rootKeys.read(inputs, console.clock());
    return Revocable.block(Tokens.checked(() -> token.verifyAny(trusted)), block);
  }

  /** An approval by its name in records, or from its file. */
  private Revocable approval(String what) {
    int space = what.indexOf(' ');
    if (space > 0 && Algorithm.ofText(what.substring(0, Math.max(0, what.indexOf('/')))) != null) {
      return Revocable.approval(
          PublicKey.parse(what.substring(0, space)), what.substring(space + 1));
    }
    String text = inputs.text(Source.ofFile(what), InputKind.APPROVAL).strip();
    return Revocable.approval(Tokens.checked(() -> Approval.decode(text)));
  }

  /** A key to revoke need not be a good one: its text is enough. */
  private PublicKey key(String written) {
    KeyInput input = KeyInput.written(written);
    return input.source() instanceof Source.Text text
        ? PublicKey.parse(text.text())
        : keys.publicKey(input);
  }
}
