package dev.taper.cli.call;

import dev.taper.agent.call.ToolCall;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A call of a tool, and the service that is called. */
final class CallOptions {
  @Option(
      names = {"-r", "--request"},
      paramLabel = "FILE",
      description = {
        "File with the call as JSON, or -, for a delegation token. Example:",
        "{\"tool\": \"jira.search\", \"operation\": \"read\", \"resource\": \"jira:project/ACME/7\","
            + " \"args\": {\"limit\": 50}}"
      })
  private @Nullable String request;

  @Option(
      names = "--audience",
      paramLabel = "SERVICE",
      description = "The service that is called, such as svc:jira.")
  private @Nullable String audience;

  @Option(
      names = "--free-text",
      paramLabel = "ARG",
      description = "An argument that is neither a URL nor a path, whatever it looks like.")
  private List<String> freeText = new ArrayList<>();

  /** True if a call is given. */
  boolean isGiven() {
    return request != null;
  }

  /**
   * These options, with a call given.
   *
   * @throws CliException if something is missing
   */
  CallOptions required() {
    if (request == null) {
      throw CliException.usage("the call is missing: use --request FILE");
    }
    if (audience == null) {
      throw CliException.usage("the service is missing: use --audience, such as svc:jira");
    }
    return this;
  }

  /** Reads the call that is given. */
  ToolCall read(Inputs inputs) {
    Source source = Source.ofFile(Objects.requireNonNull(request));
    return ToolCall.parse(inputs.text(source, InputKind.REQUEST), Set.copyOf(freeText));
  }

  /** The service that is called, which is given. */
  String audience() {
    return Objects.requireNonNull(audience);
  }

  /**
   * Refuses what makes sense with a call only.
   *
   * @throws CliException if it is given
   */
  void requireNothingElse() {
    new GivenOptions()
        .add("--audience", audience != null)
        .add("--free-text", !freeText.isEmpty())
        .refuseWithout("--request");
  }
}
