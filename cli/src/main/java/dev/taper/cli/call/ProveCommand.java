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
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.config.Times;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper prove}. */
@Command(
    name = "prove",
    description = {
      "Prove a call: sign, as the holder of a token, that this call is one's own.",
      "A proof is good for this token, call and service, once, for a minute."
    })
public final class ProveCommand extends ConsoleCommand {
  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "now",
      description = "When: now (the default), a date, or +15m for later than now.")
  private String time = "now";

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PrivateKeyInput key = new PrivateKeyInput();
  @Mixin private final CallOptions request = new CallOptions();
  @Mixin private final ApprovalOptions approvals = new ApprovalOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs in the given console. */
  public ProveCommand(Console console) {
    super(console);
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
            holder,
            call.sent(),
            given.audience(),
            sent,
            Times.at(console.clock(), time));
    holder.destroy();
    tokens.write(output, proof::encode, proof::encodeBase64);
    return ExitCode.OK;
  }
}
