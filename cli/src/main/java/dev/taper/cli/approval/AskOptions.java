package dev.taper.cli.approval;

import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call that is to be approved, and why. */
final class AskOptions extends Arguments {
  private final CallOptions call = part(new CallOptions());

  private final Value<@Nullable String> reason =
      option("--reason", "TEXT", "Why the call is to be made, in one line for the approver.")
          .text();

  /**
   * Refuses an incomplete request.
   *
   * @throws CliException if something is
   */
  void check() {
    call.required();
    if (reason.get() == null) {
      throw CliException.usage("the approver wants to know why: use --reason TEXT");
    }
  }

  /** Asks as the holder of a token; nothing is missing. */
  ApprovalRequest ask(AgentToken token, Inputs inputs) {
    return token.requestApproval(
        call.read(inputs), call.audience(), Objects.requireNonNull(reason.get()));
  }
}
