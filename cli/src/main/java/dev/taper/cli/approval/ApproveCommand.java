package dev.taper.cli.approval;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.PublicKeyInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper approve}. */
@Command(
    name = "approve",
    description = {
      "Approve a call that a holder asks for, or refuse it.",
      "Verifies the token, shows who asks for what on whose behalf, and signs when answered yes."
          + " The approval is good for this token, call and service only."
    })
public final class ApproveCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "REQUEST",
      description = "File with the request, or - for standard input (needs --yes).")
  private String request = "";

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "How long it is good for. Default: ${DEFAULT-VALUE}.")
  private String window = "15m";

  @Option(
      names = "--audience",
      paramLabel = "NAME",
      description = {
        "A service at which it is good; can be repeated.",
        "Default: the one that the holder asks for."
      })
  private List<String> audiences = new ArrayList<>();

  @Option(names = "--any-arguments", description = "Whatever the call's arguments are.")
  private boolean anyArguments;

  @Option(names = "--single-use", description = "For one call only.")
  private boolean singleUse;

  @Option(names = "--refuse", description = "Sign a refusal instead.")
  private boolean refuse;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why it is refused, in one line for the holder.")
  private @Nullable String reason;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Mixin private final PublicKeyInput root = new PublicKeyInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public ApproveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (refuse ? anyArguments || singleUse || !audiences.isEmpty() : reason != null) {
      throw CliException.usage(
          "--audience, --any-arguments and --single-use are for approvals, --reason is for"
              + " refusals");
    }
    if (singleUse && audiences.size() > 1) {
      throw CliException.usage(
          "an approval for one call is good at one service: use --audience once");
    }
    if (request.equals("-") && !yes) {
      throw CliException.usage("the answer is read from standard input: name a file, or use --yes");
    }
    return new ApprovalService(console)
        .decide(
            Source.ofFile(request),
            new ApprovalService.Answer(
                window, audiences, anyArguments, singleUse, refuse, reason, yes),
            root.required(),
            key.input(console),
            audit.target(),
            output.target())
        .status();
  }
}
