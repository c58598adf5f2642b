package dev.taper.cli.call;

import dev.taper.agent.AgentToken;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.config.Times;

/** Proves calls. */
final class ProofService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  ProofService(Console console) {
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
  ExitCode run(
      EncodedInput input, KeyInput key, CallOptions request, String time, OutputOptions target) {
    AgentToken token = tokens.read(input, AgentToken::decode, AgentToken::decode);
    ToolCall call = request.read(inputs);
    PrivateKey holder = new Keys(inputs).privateKey(key);
    Proof proof = token.prove(holder, call, request.audience(), Times.at(console.clock(), time));
    holder.destroy();
    tokens.write(target, proof::encode, proof::encodeBase64);
    return ExitCode.OK;
  }
}
