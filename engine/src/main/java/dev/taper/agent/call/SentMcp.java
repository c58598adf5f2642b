package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.List;

/**
 * A request of the Model Context Protocol: its method, and its {@code params} without {@code
 * _meta}, which transports and libraries fill in. Immutable and thread-safe.
 */
public final class SentMcp implements SentCall {
  private static final int MAX_METHOD = 128;

  private final String method;
  private final String params;

  private SentMcp(String method, String params) {
    this.method = method;
    this.params = params;
  }

  /**
   * Takes a request.
   *
   * @param method such as {@code tools/call}
   * @param paramsJson its parameters, one JSON object of at most 64 KiB; a member {@code _meta} of
   *     it is left out
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the method, or if it is no such
   *     object; {@link ErrorCode#INVALID_ARGUMENT_VALUE} for a number without a canonical form
   */
  public static SentMcp of(String method, String paramsJson) {
    String checked =
        Text.label(method, MAX_METHOD, ErrorCode.INVALID_REQUEST, "the method of the message");
    return new SentMcp(checked, CanonicalJson.params(paramsJson));
  }

  /** The method. */
  public String method() {
    return method;
  }

  /** The parameters without {@code _meta}, one JSON object in canonical form. */
  public String params() {
    return params;
  }

  @Override
  public SentCall.Form form() {
    return SentCall.Form.MCP;
  }

  @Override
  public List<Part> parts() {
    return List.of(Part.of("method", method), Part.of("params", params));
  }

  /** The method; no parameters, which may be confidential. */
  @Override
  public String toString() {
    return "mcp " + method;
  }
}
