package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Value;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper revocations lift}. */
final class RevocationsLiftCommand extends IssuingCommand {
  private final Value<RevokedThing> kind =
      parameter("0", "1", "KIND", "What was revoked: ${COMPLETION-CANDIDATES}.")
          .oneOf(RevokedThing.LIFTABLE, RevokedThing.BLOCK);

  private final Value<String> what =
      parameter("1", "1", "WHAT", "Which one, as for `taper revoke`.").requiredText();

  private final Value<String> reason =
      option("--reason", "TEXT", "Why; the list states it for all to read, and the audit log.")
          .requiredText();

  private final Value<@Nullable Integer> block =
      option("--block", "N", "The block, counted from 0. Default: the token's last.")
          .optional(Integer.class);

  private final Flag asLastHolder =
      flag("--as-last-holder", "A key that was revoked as the last holder.");

  private final PublicKeyInput rootKeys = part(new PublicKeyInput());

  RevocationsLiftCommand(Console console) {
    super(
        console,
        "lift",
        "Take back what was revoked by mistake.",
        "Only who signed the entry can; what another issuer revoked stays revoked.");
    part(registry);
  }

  @Override
  protected ExitCode run() {
    Revocable lifted =
        new RevocableInput(console)
            .read(
                RevocableInput.kind(kind.get(), asLastHolder.given()),
                what.get(),
                block.get(),
                rootKeys);
    Revoker.Report report = revoker().lift(lifted, reason.get());
    print(
        report,
        new JsonFields()
            .rows("lifted", List.of(lifted), IssuingCommand::fields)
            .put("reason", reason.get()),
        "lifted " + lifted.words() + "; ");
    return status(report);
  }
}
