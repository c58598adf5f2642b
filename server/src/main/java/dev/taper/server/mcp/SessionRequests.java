package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.server.listener.JettyRequest;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Requests of HTTP that belong to a session. The session's id is no credential: a request of MCP
 * that is judged has its own, and whatever else goes on with a session that somebody owns is
 * verified before anything is done. Nothing else keeps a session from ending. Thread-safe.
 */
final class SessionRequests {
  private static final String PING = "ping";
  private static final byte[] NOTHING = {};

  private final HttpSessions sessions;
  private final HttpFront front;

  SessionRequests(HttpSessions sessions, HttpFront front) {
    this.sessions = sessions;
    this.front = front;
  }

  /** Takes a message. */
  void message(RpcMessage message, byte[] content, HttpExchange exchange) {
    String id = exchange.field(McpFields.SESSION);
    HttpSession session = sessions.find(id);
    RpcMessage.Request asked = message instanceof RpcMessage.Request it ? it : null;
    if (id != null && session == null) {
      unknown(exchange);
    } else if (session == null
        && (asked == null || !asked.method().equals(RpcMessage.Request.INITIALIZE))) {
      exchange.plain(400, "a session begins with initialize, and has its id with it");
    } else if (asked != null) {
      asked(asked, content, session, exchange);
    } else if (session != null) {
      told(message, content, session, exchange);
    }
  }

  private static void unknown(HttpExchange exchange) {
    exchange.plain(404, "there is no such session");
  }

  /** An answer or a notification. That a session has begun anybody may say while it is nobody's. */
  private static void told(
      RpcMessage message, byte[] content, HttpSession session, HttpExchange exchange) {
    if (message.isAnswer() && content.length > McpGuard.MAX_ANSWER) {
      exchange.tooLong(McpGuard.MAX_ANSWER);
      return;
    }
    Conversation conversation = session.conversation();
    boolean isOpen =
        message instanceof RpcMessage.Notification notification
            && notification.method().equals(RpcMessage.Notification.INITIALIZED)
            && !conversation.isOwned();
    if (isOpen) {
      session.use();
    } else if (isRefused(session, content, exchange)) {
      return;
    }
    conversation.received(message, session);
    exchange.done(202);
  }

  /** Verifies who goes on with a session; true if it was refused, and answered. */
  private static boolean isRefused(HttpSession session, byte[] content, HttpExchange exchange) {
    HttpRefusal refusal = refusal(session.conversation(), content, exchange);
    if (refusal != null) {
      exchange.refuse(refusal);
    } else {
      session.use();
    }
    return refusal != null;
  }

  private static @Nullable HttpRefusal refusal(
      Conversation conversation, byte[] content, HttpExchange exchange) {
    return conversation.refusal(new JettyRequest(exchange.request(), content), content);
  }

  private void asked(
      RpcMessage.Request asked,
      byte[] content,
      @Nullable HttpSession session,
      HttpExchange exchange) {
    if (session != null && !isToGoOn(asked, session, content, exchange)) {
      return;
    }
    Request request = exchange.request();
    HttpOutlet outlet = exchange.outlet(asked, null);
    try {
      HttpSession in = session == null ? sessions.begin(Request.getRemoteAddr(request)) : session;
      exchange.response().getHeaders().put(McpFields.SESSION, in.id());
      front.received(in.conversation(), asked, outlet, request);
    } catch (RpcFault e) {
      boolean unused = outlet.send(e.answer(asked.id()), 503);
    }
  }

  /**
   * Verifies who sends what needs no token, in a session that somebody owns; what is judged says
   * that itself. Whoever only asks whether somebody is there is told, and changes nothing.
   *
   * @return false if it was answered
   */
  private static boolean isToGoOn(
      RpcMessage.Request asked, HttpSession session, byte[] content, HttpExchange exchange) {
    Conversation conversation = session.conversation();
    if (!conversation.isOwned()) {
      session.use();
      return true;
    }
    if (!McpGuard.isOpen(asked.method())) {
      return true;
    }
    HttpRefusal refusal = refusal(conversation, content, exchange);
    if (refusal == null) {
      session.use();
      return true;
    }
    boolean isUnsigned = refusal.code().equals("token_required");
    if (asked.method().equals(PING) && isUnsigned && !session.isExpired()) {
      boolean unused =
          exchange.outlet(asked, null).send(new RpcMessage.Result(asked.id(), Map.of()));
    } else {
      exchange.refuse(refusal);
    }
    return false;
  }

  /** Sends what belongs to no request to its client from now on. */
  void listen(HttpExchange exchange) {
    String id = exchange.field(McpFields.SESSION);
    HttpSession session = sessions.find(id);
    if (session == null || !exchange.accepts(HttpExchange.EVENTS)) {
      exchange.response().getHeaders().put(HttpHeader.ALLOW, "POST");
      exchange.plain(
          id == null ? 405 : session == null ? 404 : 406,
          "who listens has a session, and takes " + HttpExchange.EVENTS);
      return;
    }
    if (isRefused(session, NOTHING, exchange)) {
      return;
    }
    exchange.request().addIdleTimeoutListener(e -> false);
    exchange.response().getHeaders().put(McpFields.SESSION, session.id());
    if (!session.listen(exchange.stream())) {
      exchange.plain(409, "the session is listened to already");
    }
  }

  /** Ends a session. */
  void end(HttpExchange exchange) {
    HttpSession session = sessions.find(exchange.field(McpFields.SESSION));
    if (session == null) {
      unknown(exchange);
    } else if (!isRefused(session, NOTHING, exchange)) {
      sessions.end(session);
      exchange.done(204);
    }
  }
}
