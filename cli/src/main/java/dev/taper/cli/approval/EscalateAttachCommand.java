package dev.taper.cli.approval;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.TokenInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper escalate attach}. */
@Command(
    name = "attach",
    description = {
      "Add an approval to the token that it was asked for, with the holder's key.",
      "A refusal is not added; the exit code is 1 then."
    })
final class EscalateAttachCommand extends ConsoleCommand {
  @Option(
      names = "--approval",
      paramLabel = "FILE",
      description = "File with what the approver signed, or - for standard input.")
  private @Nullable String approval;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final OutputOptions output = new OutputOptions();

  EscalateAttachCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (approval == null) {
      throw CliException.usage("the approval is missing: use --approval FILE");
    }
    return new ApprovalService(console)
        .attach(token.input(console), key.input(console), Source.ofFile(approval), output);
  }
}
