package dev.taper.cli.approval;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper approve}. */
@Command(
    name = "approve",
    description = {
      "Approve a call that a holder or a service asks for.",
      "Verifies the token, shows who asks for what on whose behalf and what would be signed, and"
          + " signs when answered yes. The approval goes back to the holder, who sends it beside the"
          + " token; taper revoke approval takes it back."
    })
public final class ApproveCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      paramLabel = "REQUEST",
      description = "File with the request, or - for standard input (needs --yes).")
  private String request = "";

  @Mixin private final AnswerOptions answer = new AnswerOptions();
  @Mixin private final PublicKeyInput root = new PublicKeyInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final AuditOptions audit = new AuditOptions();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write to a file that only its owner can read. Default: standard output.")
  private @Nullable String file;

  /** Runs in the given console. */
  public ApproveCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (request.equals("-") && !answer.isFinal()) {
      throw CliException.usage("the answer is read from standard input: name a file, or use --yes");
    }
    return new ApprovalService(console)
        .approve(
            Source.ofFile(request),
            answer,
            root.required(),
            key.input(console),
            audit.recorder(console),
            file);
  }
}
