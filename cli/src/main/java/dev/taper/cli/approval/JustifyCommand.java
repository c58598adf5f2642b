package dev.taper.cli.approval;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import org.jspecify.annotations.Nullable;

/** {@code taper justify}. */
public final class JustifyCommand extends ConsoleCommand {
  private final Value<@Nullable String> tool =
      option("--tool", "TOOL", "Which tool, such as jira.delete, or tools, such as jira.*.").text();

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why, in one line.").text();

  private final Value<String> window =
      option(
              "--for",
              "DURATION",
              "For how long, within what the grant allows. Default: ${DEFAULT-VALUE}.")
          .text("15m");

  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(AuditOptions.ofHolder());
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public JustifyCommand(Console console) {
    super(
        console,
        "justify",
        "Say, as the holder of a token, why it uses tools that are granted only then.",
        "The reason becomes part of the token, for this holder; every verifier sees it.");
  }

  @Override
  protected ExitCode run() {
    if (tool.get() == null || reason.get() == null) {
      throw CliException.usage("a justification needs --tool TOOL and --reason TEXT");
    }
    return new ApprovalService(console)
        .justify(
            token.input(console),
            key.input(console),
            tool.get(),
            reason.get(),
            window.get(),
            audit.holderRecords(console),
            output);
  }
}
