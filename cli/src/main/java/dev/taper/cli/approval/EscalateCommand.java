package dev.taper.cli.approval;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import org.jspecify.annotations.Nullable;

/** {@code taper escalate}. */
public final class EscalateCommand extends ConsoleCommand {
  private final Value<@Nullable String> file =
      option(
              "-o, --out",
              "FILE",
              "Write to a file that only its owner can read. Default: standard output.")
          .text();

  private final TokenInput token = part(new TokenInput());
  private final AskOptions ask = part(new AskOptions());
  private final JsonOption json = part(new JsonOption());

  /** Runs in the given console. */
  public EscalateCommand(Console console) {
    super(
        console,
        "escalate",
        "Ask for the approval of a call, as its holder or as the service that refused it.",
        "The file holds the token and the call with its arguments, for approvers to see. It needs no"
            + " key, nobody else can use the token that is in it, and several approvers can be given"
            + " it at once. What they sign (taper approve) goes beside the token: prove --approval,"
            + " authorize --approval.");
  }

  @Override
  protected ExitCode run() {
    ask.check();
    AgentToken held = tokens.read(token.input(console), AgentToken::decode, AgentToken::decode);
    String request = ask.ask(held, inputs).encode();
    if (file.get() == null || file.get().equals("-")) {
      outputs.secretText(null, request); // it is JSON itself
    } else {
      outputs.result(file.get(), request, json.json());
    }
    return ExitCode.OK;
  }
}
