package dev.taper.server.mcp;

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

  /** Ends what no link has taken. */
  @Override
  void close();
}
