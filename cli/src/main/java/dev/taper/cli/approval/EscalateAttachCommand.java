package dev.taper.cli.approval;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import org.jspecify.annotations.Nullable;

/** {@code taper escalate attach}. */
final class EscalateAttachCommand extends ConsoleCommand {
  private final Value<@Nullable String> approval =
      option("--approval", "FILE", "File with what the approver signed, or - for standard input.")
          .text();

  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final OutputOptions output = part(new OutputOptions());

  EscalateAttachCommand(Console console) {
    super(
        console,
        "attach",
        "Add an approval to the token that it was asked for, with the holder's key.",
        "A refusal is not added; the exit code is 1 then.");
  }

  @Override
  protected ExitCode run() {
    if (approval.get() == null) {
      throw CliException.usage("the approval is missing: use --approval FILE");
    }
    return new ApprovalService(console)
        .attach(token.input(console), key.input(console), Source.ofFile(approval.get()), output);
  }
}
