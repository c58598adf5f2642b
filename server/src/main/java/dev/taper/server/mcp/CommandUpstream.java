package dev.taper.server.mcp;

import dev.taper.operations.OperationException;
import dev.taper.server.mcp.RpcFault.Code;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is started for each link. One stands ready before the first link wants it. */
public final class CommandUpstream implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(CommandUpstream.class);

  private final List<String> command;
  private final @Nullable String withheld;
  private final int maxBytes;
  private @Nullable ServerProcess ready; // guarded by this
  private boolean closed; // guarded by this
  private volatile boolean well = true;

  private CommandUpstream(
      List<String> command, @Nullable String withheld, int maxBytes, ServerProcess ready) {
    this.command = List.copyOf(command);
    this.withheld = withheld;
    this.maxBytes = maxBytes;
    this.ready = ready;
  }

  /**
   * Starts the first server.
   *
   * @param command a program and its arguments
   * @param withheld a variable of the environment that no server gets; null for none
   * @param maxBytes the most bytes of a message of the server
   * @throws OperationException {@code io} if it cannot be started
   */
  public static CommandUpstream start(
      List<String> command, @Nullable String withheld, int maxBytes) {
    return new CommandUpstream(command, withheld, maxBytes, ServerProcess.start(command, withheld));
  }

  @Override
  public Link open(Link.Receiver receiver) throws RpcFault {
    return ProcessLink.start(take(), receiver, maxBytes);
  }

  private synchronized ServerProcess take() throws RpcFault {
    ServerProcess process = ready;
    ready = null;
    if (closed) {
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the service stops");
    }
    if (process != null && process.isAlive()) {
      return process;
    }
    if (process != null) {
      LOG.warn("the server ended before anybody called it, with {}", process.exit());
      process.close();
    }
    try {
      ServerProcess started = ServerProcess.start(command, withheld);
      well = true;
      return started;
    } catch (OperationException e) {
      well = false;
      LOG.warn("cannot start the server: {}", e.getMessage());
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server cannot be started");
    }
  }

  @Override
  public synchronized boolean isWell() {
    return well && (ready == null || ready.isAlive());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (ready != null) {
      ready.close();
      ready = null;
    }
  }
}
