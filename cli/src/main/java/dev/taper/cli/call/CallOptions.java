package dev.taper.cli.call;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Source;
import java.util.ArrayList;
import java.util.List;
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
   * The call.
   *
   * @throws CliException if something is missing
   */
  public RequestInput input() {
    if (request == null) {
      throw CliException.usage("the call is missing: use --request FILE");
    }
    if (audience == null) {
      throw CliException.usage("the service is missing: use --audience, such as svc:jira");
    }
    return new RequestInput(Source.ofFile(request), freeText, audience);
  }

  /**
   * Refuses what makes sense with a call only.
   *
   * @throws CliException if it is given
   */
  public void requireNothingElse() {
    if (audience != null || !freeText.isEmpty()) {
      throw CliException.usage("--audience and --free-text need --request");
    }
  }
}
