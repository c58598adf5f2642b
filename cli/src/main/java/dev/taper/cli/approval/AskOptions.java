package dev.taper.cli.approval;

import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Inputs;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A call that is to be approved, and why. */
final class AskOptions {
  @Mixin private final CallOptions call = new CallOptions();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why the call is to be made, in one line for the approver.")
  private @Nullable String reason;

  /**
   * Refuses an incomplete request.
   *
   * @throws CliException if something is
   */
  void check() {
    call.required();
    if (reason == null) {
      throw CliException.usage("the approver wants to know why: use --reason TEXT");
    }
  }

  /** Asks as the holder of a token; nothing is missing. */
  ApprovalRequest ask(AgentToken token, Inputs inputs) {
    return token.requestApproval(
        call.read(inputs), call.audience(), Objects.requireNonNull(reason));
  }
}
