package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where messages to a client go: a stream for everything, or the answer to one request. */
public interface Outlet {
  /**
   * Sends a message. The answer to a request is the last on that request's own stream.
   *
   * @return false if nobody takes it
   */
  default boolean send(RpcMessage message) {
    return send(message, 200);
  }

  /**
   * Sends a message.
   *
   * @param status over HTTP, if this message is all that is answered; others ignore it
   * @return false if nobody takes it
   */
  boolean send(RpcMessage message, int status);

  /**
   * Refuses the request by a status of HTTP, without a message.
   *
   * @return false if that is not possible here
   */
  default boolean refuse(HttpRefusal refusal) {
    return false;
  }

  /**
   * The header fields of the request whose names begin with {@code mcp-param-}, in lower case; null
   * if the client is not asked for any.
   */
  default @Nullable Map<String, String> parameters() {
    return null;
  }

  /** One client, apart from its requests. */
  interface Client extends Outlet {
    /** Somebody who may call the service uses it; it is no stranger's any more. */
    default void known() {}

    /**
     * The same, of somebody whose authority is from a delegator.
     *
     * @return false if too many others are of that delegator; then it stays a stranger's
     */
    default boolean known(String delegator) {
      known();
      return true;
    }

    /**
     * Says that the conversation is over, because of its server. Whoever waits for an answer is
     * told after this, so that nobody who was told finds this conversation again.
     */
    void end(String reason);

    /**
     * Says that whose it was may not go on with the conversation. What is open ends, as does the
     * server's side; who still asks is told why.
     */
    default void expire(String reason) {
      end(reason);
    }

    /** Says that whoever waited was told. */
    default void told() {}
  }
}
