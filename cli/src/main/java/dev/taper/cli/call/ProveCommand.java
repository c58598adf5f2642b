package dev.taper.cli.call;

import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Prover;
import dev.taper.cli.io.CallInput;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Value;
import dev.taper.operations.config.Times;
import java.time.Clock;

/** {@code taper prove}. */
public final class ProveCommand extends ConsoleCommand {
  private final Value<String> time =
      option("--time", "TIME", "When: now (the default), a date, or +15m for later than now.")
          .text("now");

  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final Flag offer =
      flag(
          "--offer",
          "Prove no call, but that the holder asks the service which tools it may use; such a proof"
              + " is good for no call.");

  private final CallInput request = part(new CallInput());
  private final ApprovalOptions approvals = part(new ApprovalOptions());
  private final OutputOptions output = part(new OutputOptions());

  /** Runs in the given console. */
  public ProveCommand(Console console) {
    super(
        console,
        "prove",
        "Prove a call: sign, as the holder of a token, that this call is one's own.",
        "A proof is good for this token, call and service, once, for a minute. It covers what is sent,"
            + " as it goes over the wire: a tool with its arguments (--request), an HTTP request"
            + " (--http) or a message (--mcp).");
  }

  @Override
  protected ExitCode run() {
    KeyInput holderKey = key.input(console);
    check();
    AgentToken held = tokens.read(token.input(console), AgentToken::decode, AgentToken::decode);
    SentCall sent = offer.given() ? null : request.sent(inputs);
    SentApprovals beside = approvals.read(inputs);
    String audience = request.audience(null);
    Clock clock = Times.at(console.clock(), time.get());
    Proof proof =
        keys.signing(
            holderKey,
            holder -> {
              if (holder instanceof Prover && time.isGiven()) {
                throw CliException.usage(
                    "--time goes without keeper:NAME: a keeper dates proofs itself");
              }
              return sent == null
                  ? held.proveOffer(holder, audience, clock)
                  : held.prove(holder, sent, audience, beside, clock);
            });
    tokens.write(output, proof::encode, proof::encodeBase64);
    return ExitCode.OK;
  }

  /** Refuses anything but one call, or none where the holder only asks. */
  private void check() {
    if (!offer.given()) {
      request.check(false);
      return;
    }
    new GivenOptions()
        .add(approvals)
        .add("--request, --http or --mcp", request.isGiven())
        .refuse("goes without --offer, which proves no call", "go without --offer");
    String unused = request.audience(null);
  }
}
