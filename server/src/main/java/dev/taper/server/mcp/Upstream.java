package dev.taper.server.mcp;

import dev.taper.agent.decision.VerifierHealth;
import java.util.List;

/** Where a server of MCP is: a command to start, or a URL. Thread-safe. */
public interface Upstream extends AutoCloseable {
  /**
   * Makes a link with a session of its own.
   *
   * @throws RpcFault {@code upstream_unavailable}
   */
  Link open(Link.Receiver receiver) throws RpcFault;

  /** True if it could be used when somebody last tried. */
  boolean isWell();

  /** Why it cannot be used; empty if it {@linkplain #isWell can}. */
  default List<VerifierHealth.Reason> reasons() {
    return isWell()
        ? List.of()
        : List.of(
            new VerifierHealth.Reason(
                "upstream_unavailable",
                "the MCP server could not be reached or started when it was last tried"));
  }

  /** What it stands on that ends, as far as that is known. */
  default List<VerifierHealth.Ending> endings() {
    return List.of();
  }

  /**
   * How often a stream of a server's own messages was opened again after it had ended; 0 for
   * servers that have no such stream.
   */
  default long reopenedStreams() {
    return 0;
  }

  /** Ends what no link has taken. */
  @Override
  void close();
}
