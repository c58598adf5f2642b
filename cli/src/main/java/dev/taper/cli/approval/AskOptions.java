package dev.taper.cli.approval;

import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ToolCall;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A call that is to be approved, and why. */
final class AskOptions {
  @Option(
      names = {"-r", "--request"},
      paramLabel = "FILE",
      description = "File with the call as JSON, or -, as for prove and authorize.")
  private @Nullable String request;

  @Option(
      names = "--free-text",
      paramLabel = "ARG",
      description = "An argument that is neither a URL nor a path, whatever it looks like.")
  private List<String> freeText = new ArrayList<>();

  @Option(
      names = "--audience",
      paramLabel = "NAME",
      description = "The service that is to be called, such as svc:jira.")
  private @Nullable String audience;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why the call is to be made, in one line for the approver.")
  private @Nullable String reason;

  /**
   * Refuses a request of which something is missing.
   *
   * @throws CliException if something is
   */
  void check() {
    if (request == null) {
      throw CliException.usage("the call is missing: use --request FILE");
    }
    if (audience == null) {
      throw CliException.usage("the service is missing: use --audience NAME");
    }
    if (reason == null) {
      throw CliException.usage("the approver wants to know why: use --reason TEXT");
    }
  }

  /** Asks as the holder of a token; nothing is missing. */
  ApprovalRequest ask(AgentToken token, Inputs inputs) {
    Source source = Source.ofFile(Objects.requireNonNull(request));
    ToolCall call = ToolCall.parse(inputs.text(source, InputKind.REQUEST), Set.copyOf(freeText));
    return token.requestApproval(
        call, Objects.requireNonNull(audience), Objects.requireNonNull(reason));
  }
}
