package dev.taper.cli.approval;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.TokenInput;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper escalate request}. */
@Command(
    name = "request",
    description = {
      "Ask for the approval of one call, as the holder of a token.",
      "The file holds the token and the call with its arguments, for the approver to see. It needs"
          + " no key, and nobody else can use the token that is in it."
    })
public final class EscalateRequestCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write to a file that only its owner can read. Default: standard output.")
  private @Nullable String file;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final AskOptions ask = new AskOptions();

  /** Runs in the given console. */
  public EscalateRequestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new ApprovalService(console).request(token.input(console), ask.input(), file).status();
  }
}
