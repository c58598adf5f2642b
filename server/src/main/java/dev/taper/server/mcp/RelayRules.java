package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a relay asks about every message before it hands it on. Thread-safe. */
public interface RelayRules {
  /**
   * A client's request: to be answered or forwarded, now or later, once. What the server sends of
   * its own meanwhile goes to where the request came from only if it was {@linkplain Call#vouch
   * vouched} for.
   */
  void request(Call call);

  /** What of a client's notification goes on; null for nothing. */
  RpcMessage.@Nullable Notification notification(RpcMessage.Notification notification);

  /**
   * What of a client's answer to the server goes on.
   *
   * @param asked the server's request, as it was passed on
   */
  RpcMessage answer(RpcMessage.Request asked, RpcMessage answer);

  /**
   * What becomes of a server's request.
   *
   * @return the request as it goes on; or an answer, which the server gets at once
   */
  RpcMessage serverRequest(RpcMessage.Request request);

  /** What of a server's notification goes on; null for nothing. */
  RpcMessage.@Nullable Notification serverNotification(RpcMessage.Notification notification);

  /**
   * True if a client may have something of the server's own now.
   *
   * @param message a notification or a request, as it goes on
   * @param call the client's request that it belongs to; null if it belongs to none
   */
  boolean mayHave(RpcMessage message, @Nullable Call call);

  /**
   * True once the conversation belongs to somebody: then all that goes on with it over HTTP, and
   * has no credential of its own, is {@linkplain #refusal verified} first.
   */
  boolean isOwned();

  /**
   * Verifies who sends, over HTTP, what goes on with the conversation and says not itself who sends
   * it: an answer, a notification, a request that needs no token, a request to listen or to end.
   *
   * @param content of the request
   * @return null if it may; or what to answer, and then nothing is done
   */
  @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content);

  /** Looks whether what is open may stay so, and ends what may not. Called each second. */
  void look();

  /** The header fields for a server over HTTP, of a message that has no session; else none. */
  Map<String, String> fields(RpcMessage message);
}
