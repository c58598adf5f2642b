package dev.taper.cli.approval;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import org.jspecify.annotations.Nullable;

/** {@code taper escalate request}. */
final class EscalateRequestCommand extends ConsoleCommand {
  private final Value<@Nullable String> file =
      option(
              "-o, --out",
              "FILE",
              "Write to a file that only its owner can read. Default: standard output.")
          .text();

  private final TokenInput token = part(new TokenInput());
  private final AskOptions ask = part(new AskOptions());

  EscalateRequestCommand(Console console) {
    super(
        console,
        "request",
        "Ask for the approval of one call, as the holder of a token.",
        "The file holds the token and the call with its arguments, for the approver to see. It needs"
            + " no key, and nobody else can use the token that is in it.");
  }

  @Override
  protected ExitCode run() {
    ask.check();
    return new ApprovalService(console).request(token.input(console), ask, file.get());
  }
}
