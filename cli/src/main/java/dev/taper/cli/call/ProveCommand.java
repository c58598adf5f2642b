package dev.taper.cli.call;

import dev.taper.agent.AgentToken;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.config.Times;

/** {@code taper prove}. */
public final class ProveCommand extends ConsoleCommand {
  private final Value<String> time =
      option("--time", "TIME", "When: now (the default), a date, or +15m for later than now.")
          .text("now");

  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final CallOptions request = part(new CallOptions());
  private final ApprovalOptions approvals = part(new ApprovalOptions());
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public ProveCommand(Console console) {
    super(
        console,
        "prove",
        "Prove a call: sign, as the holder of a token, that this call is one's own.",
        "A proof is good for this token, call and service, once, for a minute.");
  }

  @Override
  protected ExitCode run() {
    KeyInput holderKey = key.input(console);
    CallOptions given = request.required();
    Inputs inputs = new Inputs(console);
    Tokens tokens = new Tokens(inputs, new Outputs(console));
    AgentToken held = tokens.read(token.input(console), AgentToken::decode, AgentToken::decode);
    ToolCall call = given.read(inputs);
    SentApprovals sent = approvals.read(inputs);
    PrivateKey holder = new Keys(inputs).privateKey(holderKey);
    Proof proof =
        held.prove(
            holder, call.sent(), given.audience(), sent, Times.at(console.clock(), time.get()));
    holder.destroy();
    tokens.write(output, proof::encode, proof::encodeBase64);
    return ExitCode.OK;
  }
}
