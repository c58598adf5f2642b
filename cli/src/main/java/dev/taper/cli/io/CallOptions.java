package dev.taper.cli.io;

import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A call of a tool, and the service that is called. */
public final class CallOptions extends Arguments {
  private final Value<@Nullable String> request =
      option(
              "-r, --request",
              "FILE",
              "File with the call as JSON, or -, for a delegation token. Example:",
              "{\"tool\": \"jira.search\", \"operation\": \"read\", \"resource\": \"jira:project/ACME/7\","
                  + " \"args\": {\"limit\": 50}}")
          .text();

  private final Value<@Nullable String> audience =
      option("--audience", "SERVICE", "The service that is called, such as svc:jira.").text();

  private final Value<List<String>> freeText =
      option(
              "--free-text",
              "ARG",
              "An argument that is neither a URL nor a path, whatever it looks like.")
          .texts();

  /** True if a call is given. */
  @Override
  public boolean isGiven() {
    return request.get() != null;
  }

  /**
   * These options; a call must be given.
   *
   * @throws CliException if something is missing
   */
  public CallOptions required() {
    if (request.get() == null && audience.get() == null) {
      throw CliException.usage(
          "the call and the service are missing: use --request FILE and --audience SERVICE, such as"
              + " svc:jira");
    }
    String unused = requireRequest();
    unused = requireAudience();
    return this;
  }

  /** True if a service is named. */
  boolean namesService() {
    return audience.get() != null;
  }

  /**
   * The service that is called.
   *
   * @throws CliException if none is given
   */
  public String requireAudience() {
    if (audience.get() == null) {
      throw CliException.usage("the service is missing: use --audience SERVICE, such as svc:jira");
    }
    return audience.get();
  }

  /**
   * Refuses to say how arguments are read, because a catalog does.
   *
   * @throws CliException if it is given
   */
  public void requireNoReading() {
    new GivenOptions().add(freeText).refuse("goes without --catalog, which says it itself", "");
  }

  /**
   * Reads the call as it goes over the wire. One that states no operation and no resource is taken
   * as it is: what it means is for the service to say.
   *
   * @throws CliException if none is given
   */
  public SentCall sent(Inputs inputs) {
    String json = inputs.text(Source.ofFile(requireRequest()), InputKind.REQUEST);
    SortedMap<String, String> members = CanonicalJson.members(json);
    String tool = members.get("tool");
    if (tool == null || !Set.of("args", "tool").containsAll(members.keySet())) {
      return ToolCall.parse(json, Set.copyOf(freeText.get())).sent();
    }
    String name = CanonicalJson.string(tool, "the tool");
    return SentTool.of(name, members.getOrDefault("args", "{}"));
  }

  /**
   * Reads the call.
   *
   * @throws CliException if none is given
   */
  public ToolCall read(Inputs inputs) {
    Source source = Source.ofFile(requireRequest());
    return ToolCall.parse(inputs.text(source, InputKind.REQUEST), Set.copyOf(freeText.get()));
  }

  private String requireRequest() {
    if (request.get() == null) {
      throw CliException.usage("the call is missing: use --request FILE");
    }
    return request.get();
  }

  /** The service that is called, or another if none is given. */
  public String audienceOr(String other) {
    return audience.get() == null ? other : audience.get();
  }

  /** The service that is called; it must be given. */
  public String audience() {
    return Objects.requireNonNull(audience.get());
  }

  /**
   * Refuses options that make sense only with a call.
   *
   * @throws CliException if it is given
   */
  public void requireNothingElse() {
    new GivenOptions().add(audience, freeText).refuseWithout("--request");
  }
}
