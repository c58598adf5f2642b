package dev.taper.server.mcp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a relay asks about every message before it hands it on. Thread-safe. */
public interface RelayRules {
  /** A client's request: to be answered or forwarded, now or later, once. */
  void request(Call call);

  /** What of a client's notification goes on; null for nothing. */
  RpcMessage.@Nullable Notification notification(RpcMessage.Notification notification);

  /** What of a client's answer to the server goes on. */
  RpcMessage answer(RpcMessage answer);

  /** What of a server's request goes on; null to tell it that there is no such method. */
  RpcMessage.@Nullable Request serverRequest(RpcMessage.Request request);

  /** What of a server's notification goes on; null for nothing. */
  RpcMessage.@Nullable Notification serverNotification(RpcMessage.Notification notification);

  /** The header fields for a server over HTTP, of a message that has no session; else none. */
  Map<String, String> fields(RpcMessage message);
}
