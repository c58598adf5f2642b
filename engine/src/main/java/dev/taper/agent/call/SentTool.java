package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool and its arguments, as a caller sends them where neither HTTP nor MCP says more. Immutable
 * and thread-safe.
 */
public final class SentTool implements SentCall {
  private final String tool;
  private final @Nullable String operation;
  private final @Nullable String resource;
  private final String arguments;

  SentTool(String tool, @Nullable String operation, @Nullable String resource, String arguments) {
    this.tool = tool;
    this.operation = operation;
    this.resource = resource;
    this.arguments = arguments;
  }

  /**
   * Takes a tool with its arguments.
   *
   * @param tool see {@link Canonical#tool}
   * @param argumentsJson one JSON object, of at most 64 KiB
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name, or if it is no such
   *     object; {@link ErrorCode#INVALID_ARGUMENT_VALUE} for a number without a canonical form
   */
  public static SentTool of(String tool, String argumentsJson) {
    return new SentTool(
        Canonical.tool(tool), null, null, CanonicalJson.object(argumentsJson, "the arguments"));
  }

  /** The tool. */
  public String tool() {
    return tool;
  }

  /** The operation that the caller states; null if it states none. */
  public @Nullable String operation() {
    return operation;
  }

  /** The resource that the caller states; null if it states none. */
  public @Nullable String resource() {
    return resource;
  }

  /** The arguments as one JSON object in canonical form. */
  public String arguments() {
    return arguments;
  }

  /** True if the caller states an operation or a resource, which most services derive. */
  public boolean statesMeaning() {
    return operation != null || resource != null;
  }

  @Override
  public SentCall.Form form() {
    return SentCall.Form.TOOL;
  }

  @Override
  public List<Part> parts() {
    return List.of(
        Part.of("tool", tool),
        Part.of("operation", operation),
        Part.of("resource", resource),
        Part.of("arguments", arguments));
  }

  /** The tool; no arguments, which may be confidential. */
  @Override
  public String toString() {
    return tool;
  }
}
