package dev.taper.cli.call;

import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputTarget;
import dev.taper.cli.io.Times;
import dev.taper.cli.io.Tokens;
import dev.taper.agent.AgentToken;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.crypto.PrivateKey;
import java.util.Set;

/** Proves calls. */
public final class ProofService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  /** Works in the given console. */
  public ProofService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /**
   * Proves a call and writes the proof.
   *
   * @param input the token
   * @param key the holder's key
   * @param request the call
   * @param time when, as written
   * @param target where the proof goes
   */
  public ExitCode run(
      EncodedInput input, KeyInput key, RequestInput request, String time, OutputTarget target) {
    AgentToken token = tokens.read(input, AgentToken::decode, AgentToken::decode);
    ToolCall call = call(inputs, request);
    PrivateKey holder = new Keys(console, inputs).privateKey(key);
    Proof proof = token.prove(holder, call, request.audience(), Times.clock(console, time));
    holder.destroy();
    tokens.write(target, proof::encode, proof::encodeBase64);
    return ExitCode.OK;
  }

  /** Reads a call. */
  public static ToolCall call(Inputs inputs, RequestInput request) {
    return ToolCall.parse(
        inputs.text(request.source(), InputKind.REQUEST), Set.copyOf(request.freeText()));
  }
}
