package dev.taper.cli.approval;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import org.jspecify.annotations.Nullable;

/** {@code taper approve}. */
public final class ApproveCommand extends ConsoleCommand {
  private final Value<String> request =
      parameter(
              "0", "1", "REQUEST", "File with the request, or - for standard input (needs --yes).")
          .requiredText();

  private final Value<@Nullable String> file =
      option(
              "-o, --out",
              "FILE",
              "Write to a file that only its owner can read. Default: standard output.")
          .text();

  private final AnswerOptions answer = part(new AnswerOptions());
  private final PublicKeyInput root = part(new PublicKeyInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(new AuditOptions());
  private final NamesOption names = part(new NamesOption());

  /** Runs in the given console. */
  public ApproveCommand(Console console) {
    super(
        console,
        "approve",
        "Approve a call that a holder or a service asks for.",
        "Verifies the token, shows who asks for what on whose behalf and what would be signed, and"
            + " signs when answered yes. The approval goes back to the holder, who sends it beside"
            + " the token; taper revoke approval takes it back.");
  }

  @Override
  protected ExitCode run() {
    if (request.get().equals("-") && !answer.isFinal()) {
      throw CliException.usage("the answer is read from standard input: name a file, or use --yes");
    }
    return new ApprovalService(names.shown(console).on(console))
        .approve(
            Source.ofFile(request.get()),
            answer,
            root.required(),
            key.input(console),
            audit.recorder(console),
            file.get());
  }
}
