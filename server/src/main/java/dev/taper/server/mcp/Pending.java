package dev.taper.server.mcp;

import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcFault.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that a server has, under an id of the relay's own. Thread-safe. */
final class Pending {
  static final String PROGRESS_TOKEN = "progressToken";
  private static final int MAX_TOKEN = 256; // characters
  static final String LISTEN = "subscriptions/listen";

  private final Relay relay;
  private final long id;
  private final String method;
  private final @Nullable Call call;
  private final Consumer<RpcMessage> answer;
  private final Consumer<RpcFault> fault;
  private volatile @Nullable Object token;
  private volatile long heardOf = System.nanoTime();

  Pending(
      Relay relay,
      long id,
      String method,
      @Nullable Call call,
      Consumer<RpcMessage> answer,
      Consumer<RpcFault> fault) {
    this.relay = relay;
    this.id = id;
    this.method = method;
    this.call = call;
    this.answer = answer;
    this.fault = fault;
  }

  long id() {
    return id;
  }

  /** The client's request; null if it is the relay's own. */
  @Nullable Call call() {
    return call;
  }

  /** The client's own progress token; null if it wants no progress. */
  @Nullable Object token() {
    return token;
  }

  /** Sends the request; false if it was certainly not sent. */
  boolean send(@Nullable Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> sent = params;
    Map<String, @Nullable Object> meta = RpcMessage.object(params, McpMeta.MEMBER);
    Object given = meta.remove(PROGRESS_TOKEN);
    if (given != null && params != null) {
      token = isToken(given) ? given : null;
      sent = new LinkedHashMap<>(params);
      if (token != null) {
        meta.put(PROGRESS_TOKEN, id);
      }
      sent.put(McpMeta.MEMBER, meta);
    }
    try {
      relay.send(this, new RpcMessage.Request(id, method, sent));
      return true;
    } catch (RpcFault e) {
      fail(e);
      return e.code() == Code.UPSTREAM_ENDED;
    }
  }

  /** True for what a token is in the protocol: it is kept as long as the request waits. */
  private static boolean isToken(Object given) {
    return given instanceof Number || (given instanceof String text && text.length() <= MAX_TOKEN);
  }

  void answered(RpcMessage message) {
    answer.accept(message);
  }

  void fail(RpcFault e) {
    if (relay.remove(this)) {
      fault.accept(e);
    }
  }

  /** The server has not forgotten it. */
  void heard() {
    heardOf = System.nanoTime();
  }

  boolean isLate(long nanos) {
    return !method.equals(LISTEN) && System.nanoTime() - heardOf > nanos;
  }
}
