package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import org.jspecify.annotations.Nullable;

/**
 * What somebody does with a client's messages: those of a session, or those without. Thread-safe.
 */
public interface Conversation extends AutoCloseable {
  /**
   * A message.
   *
   * @param outlet where the answer goes, and what belongs to it
   */
  void received(RpcMessage message, Outlet outlet);

  /** Nobody waits any more for the answer to a request that came with an outlet. */
  void gone(Object requestId, Outlet outlet);

  /**
   * Verifies who sends, over HTTP, what goes on with the conversation and says not itself who sends
   * it: an answer, a notification, a request that needs no token, a request to listen or to end.
   *
   * @param content of the request
   * @return null if it may; or what to answer, and then nothing is done
   */
  @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content);

  /**
   * True once it belongs to somebody: then all that goes on with it over HTTP, and has no
   * credential of its own, is verified first.
   */
  boolean isOwned();

  /**
   * True if the client may have now what was kept for it.
   *
   * @param kept a notification or a request of the server, as it goes on
   */
  boolean mayHave(RpcMessage kept);

  /** True while somebody waits for an answer who was verified. */
  boolean isUsed();

  /** True while the client is owed an answer that has an end. */
  boolean owesAnswers();

  /** The client is gone; returns when nothing of the conversation is left. */
  @Override
  void close();

  /** Makes conversations. */
  interface Host {
    /** Says how much of a request is read; null where all that comes is trusted to be read. */
    default @Nullable Admission admission() {
      return null;
    }

    /**
     * Begins a session, before its first message, which is {@code initialize}.
     *
     * @throws RpcFault if there is no room, or no server
     */
    Conversation session(Outlet.Client client) throws RpcFault;

    /**
     * Begins what all requests without a session share.
     *
     * @throws RpcFault if there is no room, or no server
     */
    Conversation stateless(Outlet.Client client) throws RpcFault;
  }
}
