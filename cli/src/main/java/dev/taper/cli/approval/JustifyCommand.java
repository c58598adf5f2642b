package dev.taper.cli.approval;

import dev.taper.agent.approval.Justification;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
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
    EncodedInput input = token.input(console);
    KeyInput holderKey = key.input(console);
    HolderRecords records = audit.holderRecords(console);
    AgentToken held = tokens.read(input, AgentToken::decode, AgentToken::decode);
    Justification justification =
        Justification.of(
            tool.get(), reason.get(), Times.window(console.clock(), window.get()), console.clock());
    AgentToken longer =
        keys.signing(
            holderKey,
            holder -> {
              AgentToken justified = held.justify(holder, justification);
              records.record(held, holder, justified);
              return justified;
            });
    tokens.write(output, longer::encode, longer::encodeBase64);
    return ExitCode.OK;
  }
}
