package dev.taper.cli.io;

import dev.taper.agent.call.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A call of a tool, and the service that is called. */
public final class CallOptions {
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
  public boolean isGiven() {
    return request != null;
  }

  /**
   * These options; a call must be given.
   *
   * @throws CliException if something is missing
   */
  public CallOptions required() {
    String unused = requireRequest();
    if (audience == null) {
      throw CliException.usage("the service is missing: use --audience SERVICE, such as svc:jira");
    }
    return this;
  }

  /**
   * Reads the call.
   *
   * @throws CliException if none is given
   */
  public ToolCall read(Inputs inputs) {
    Source source = Source.ofFile(requireRequest());
    return ToolCall.parse(inputs.text(source, InputKind.REQUEST), Set.copyOf(freeText));
  }

  private String requireRequest() {
    if (request == null) {
      throw CliException.usage("the call is missing: use --request FILE");
    }
    return request;
  }

  /** The service that is called, or another if none is given. */
  public String audienceOr(String other) {
    return audience == null ? other : audience;
  }

  /** The service that is called; it must be given. */
  public String audience() {
    return Objects.requireNonNull(audience);
  }

  /**
   * Refuses options that make sense only with a call.
   *
   * @throws CliException if it is given
   */
  public void requireNothingElse() {
    new GivenOptions()
        .add("--audience", audience != null)
        .add("--free-text", !freeText.isEmpty())
        .refuseWithout("--request");
  }
}
