package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call as a catalog derives it from what was sent, part by part. For one thread. */
public final class DerivedCall {
  private final SentCall sent;
  private final String catalog;
  private final String tool;
  private final Set<String> touched;
  private final CallArguments.Builder arguments = new CallArguments.Builder();

  /**
   * Starts with a tool and nothing else.
   *
   * @param sent what went over the wire
   * @param catalog the digest of the catalog that says what it means, in hexadecimal
   * @param tool see {@link Canonical#tool}
   * @param touched the names of the arguments that say whom or what a call of the tool touches
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such a name
   */
  public DerivedCall(SentCall sent, String catalog, String tool, Set<String> touched) {
    this.sent = sent;
    this.catalog = catalog;
    this.tool = Canonical.tool(tool);
    this.touched = Set.copyOf(touched);
  }

  /**
   * Adds an argument.
   *
   * @param name see {@link ToolCall#arg(String, long)}
   * @param json its value, one JSON value
   * @param type what the catalog says of it
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT_TYPE} if it is not of that type, and
   *     as {@link ToolCall#argJson}
   */
  public void argument(String name, String json, ArgumentType type) {
    String checked = CallArgument.checkName(name);
    arguments.add(StrictJson.value(json, parser -> CallArgument.read(parser, checked, type)));
  }

  /**
   * Adds an argument that is the content of a request, whatever its form: nothing but its name is
   * stated, and its digest is what an approval covers.
   *
   * @param name see {@link ToolCall#arg(String, long)}
   * @param request whose content it is
   */
  public void content(String name, SentHttp request) {
    String digest = "sha256:" + HexFormat.of().formatHex(request.contentDigest());
    arguments.add(CallArgument.content(CallArgument.checkName(name), digest));
  }

  /** The text of an argument that can stand in a resource; null if it is absent or null. */
  public @Nullable String text(String name) {
    CallArgument argument = arguments.get(name);
    return argument == null ? null : argument.text();
  }

  /**
   * Makes the call.
   *
   * @param operation the operation, or null
   * @param resource the resource, or null
   * @throws TaperException as {@link ToolCall#operation(String)} and {@link ToolCall#on}
   */
  public ToolCall call(@Nullable String operation, @Nullable String resource) {
    return new ToolCall(
        tool,
        operation == null ? null : Canonical.operation(operation),
        resource == null ? null : Canonical.resource(resource),
        arguments.build(),
        new ToolCall.Derivation(sent, catalog, touched));
  }
}
