package dev.taper.cli.approval;

import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A call that is to be approved, and why. */
final class AskOptions {
  @Mixin private final CallOptions call = new CallOptions();

  @Option(
      names = "--decision",
      paramLabel = "FILE",
      description =
          "The service's refusal of the call, as authorize --json prints it for the operator:"
              + " instead of --request and --audience.")
  private @Nullable String decision;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why the call is to be made, in one line for the approver.")
  private @Nullable String reason;

  /**
   * Refuses an incomplete request.
   *
   * @throws CliException if something is missing, or there is too much
   */
  void check() {
    if (decision == null) {
      CallOptions unused = call.required();
    } else {
      new GivenOptions()
          .add("--request", call.isGiven())
          .refuse("and --decision exclude each other", "and --decision exclude each other");
      call.requireNothingElse();
    }
    if (reason == null) {
      throw CliException.usage("the approver wants to know why: use --reason TEXT");
    }
  }

  /** Asks for a token; nothing is missing. */
  ApprovalRequest ask(AgentToken token, Inputs inputs) {
    String why = Objects.requireNonNull(reason);
    return decision == null
        ? token.requestApproval(call.read(inputs), call.audience(), why)
        : DeniedCall.parse(inputs.text(Source.ofFile(decision), InputKind.DECISION))
            .request(token, why);
  }
}
