package dev.taper.cli.approval;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper justify}. */
@Command(
    name = "justify",
    description = {
      "Say, as the holder of a token, why it uses tools that are granted only then.",
      "The reason becomes part of the token, for this holder; every verifier sees it."
    })
public final class JustifyCommand extends ConsoleCommand {
  @Option(
      names = "--tool",
      paramLabel = "TOOL",
      description = "Which tool, such as jira.delete, or tools, such as jira.*.")
  private @Nullable String tool;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in one line.")
  private @Nullable String reason;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "For how long, within what the grant allows. Default: ${DEFAULT-VALUE}.")
  private String window = "15m";

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public JustifyCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (tool == null || reason == null) {
      throw CliException.usage("a justification needs --tool TOOL and --reason TEXT");
    }
    return new ApprovalService(console)
        .justify(
            token.input(console),
            key.input(console),
            tool,
            reason,
            window,
            audit.recorder(console),
            output);
  }
}
