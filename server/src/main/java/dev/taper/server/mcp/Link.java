package dev.taper.server.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection to a server of MCP, with one session or none. Thread-safe. */
public interface Link extends AutoCloseable {
  /**
   * Takes what the server sends, on threads of the link, never two messages of one stream at once.
   */
  interface Receiver {
    /**
     * A message.
     *
     * @param about the id of the request on whose stream it came; null if the server has one stream
     *     for everything
     */
    void received(RpcMessage message, @Nullable Object about);

    /**
     * Something that is no message, or no answer.
     *
     * @param about the id of the request that gets no answer for it; null if nobody knows
     */
    void broken(RpcFault fault, @Nullable Object about);

    /** The link has ended by itself; nothing comes any more. Called once, and not after a close. */
    void ended(String reason);

    /**
     * The same, where the server has forgotten the session.
     *
     * @param refused the id of the request that it refused for that, and did not carry out; null if
     *     it was none
     */
    default void forgotten(String reason, @Nullable Object refused) {
      ended(reason);
    }
  }

  /**
   * Sends a message.
   *
   * @param fields header fields for a server over HTTP, which others do not need
   * @throws RpcFault {@code upstream_unavailable} if it was not sent, {@code upstream_ended} if
   *     nobody knows
   */
  void send(RpcMessage message, Map<String, String> fields) throws RpcFault;

  /** Tells the server that nobody waits for an answer any more. */
  default void cancel(Object id) {
    try {
      send(RpcMessage.Notification.cancelled(id), Map.of());
    } catch (RpcFault e) {
      // There is nobody to tell.
    }
  }

  /**
   * Looks whether the server still takes messages, and ends the link if not. Called each second.
   */
  default void look() {}

  /** Ends it; returns when the server's process, if there is one, has ended. */
  @Override
  void close();
}
