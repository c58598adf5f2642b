package dev.taper.integrations.mcp;

import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import java.util.List;
import java.util.Set;

/** The header fields of streamable HTTP that say which message is meant, and whose it is. */
public final class McpFields {
  /** The field with a session's id. */
  public static final String SESSION = "Mcp-Session-Id";

  /** The field with the revision of the protocol. */
  public static final String VERSION = "MCP-Protocol-Version";

  private static final Set<String> NAMES =
      Set.of(
          "authorization",
          "last-event-id",
          "mcp-method",
          "mcp-name",
          "mcp-protocol-version",
          "mcp-session-id");

  private static final List<String> STARTS = List.of("mcp-param-", "taper-");

  private McpFields() {}

  /**
   * Refuses a request in which one of these fields is there twice, or in another spelling, so that
   * no server behind reads another value than the one that was verified.
   *
   * @throws RefusedException 400 {@code invalid_request}
   */
  public static void check(IncomingRequest request) throws RefusedException {
    HolderCheck.requireOnce(request, NAMES, STARTS);
  }
}
