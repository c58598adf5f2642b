package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.server.listener.JettyRequest;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Requests of HTTP that belong to a session. The session's id is no credential: a request of MCP
 * that is judged has its own, and whatever else goes on with a session that somebody owns is
 * verified before anything is done. Nothing else keeps a session from ending. Thread-safe.
 */
final class SessionRequests {
  /** The longest answer to what a server asked of its client, in bytes. */
  private static final int MAX_ANSWER = 64 * 1024;

  private static final String BEGUN = "notifications/initialized";
  private static final String PING = "ping";
  private static final byte[] NOTHING = {};

  private final HttpSessions sessions;
  private final HttpFront front;
  private final HttpReplies replies;

  SessionRequests(HttpSessions sessions, HttpFront front, HttpReplies replies) {
    this.sessions = sessions;
    this.front = front;
    this.replies = replies;
  }

  /** Takes a message. */
  void message(
      RpcMessage message, byte[] content, Request request, Response response, Callback callback) {
    String id = HttpFront.field(request, HttpFront.SESSION);
    HttpSession session = sessions.find(id);
    RpcMessage.Request asked = message instanceof RpcMessage.Request it ? it : null;
    if (id != null && session == null) {
      unknown(response, callback);
    } else if (session == null && (asked == null || !asked.method().equals("initialize"))) {
      replies.plain(
          response, callback, 400, "a session begins with initialize, and has its id with it");
    } else if (asked != null) {
      asked(asked, content, session, request, response, callback);
    } else if (session != null) {
      told(message, content, session, request, response, callback);
    }
  }

  private void unknown(Response response, Callback callback) {
    replies.plain(response, callback, 404, "there is no such session");
  }

  /** An answer or a notification. That a session has begun anybody may say while it is nobody's. */
  private void told(
      RpcMessage message,
      byte[] content,
      HttpSession session,
      Request request,
      Response response,
      Callback callback) {
    if (message.isAnswer() && content.length > MAX_ANSWER) {
      replies.tooLong(response, callback, MAX_ANSWER);
      return;
    }
    Conversation conversation = session.conversation();
    boolean isOpen =
        message instanceof RpcMessage.Notification notification
            && notification.method().equals(BEGUN)
            && conversation != null
            && !conversation.isOwned();
    if (isOpen) {
      session.use();
    } else if (isRefused(session, request, content, response, callback)) {
      return;
    }
    if (conversation != null) {
      conversation.received(message, session);
    }
    replies.done(response, callback, 202);
  }

  /** Verifies who goes on with a session; true if it was refused, and answered. */
  private boolean isRefused(
      HttpSession session, Request request, byte[] content, Response response, Callback callback) {
    Conversation conversation = session.conversation();
    if (conversation == null) {
      unknown(response, callback);
      return true;
    }
    HttpRefusal refusal = conversation.refusal(new JettyRequest(request, content), content);
    if (refusal != null) {
      replies.refuse(response, callback, refusal);
    } else {
      session.use();
    }
    return refusal != null;
  }

  private void asked(
      RpcMessage.Request asked,
      byte[] content,
      @Nullable HttpSession session,
      Request request,
      Response response,
      Callback callback) {
    if (session != null && !isToGoOn(asked, session, request, content, response, callback)) {
      return;
    }
    HttpOutlet outlet = front.outlet(asked, null, request, response, callback);
    try {
      HttpSession in = session == null ? sessions.begin(Request.getRemoteAddr(request)) : session;
      response.getHeaders().put(HttpFront.SESSION, in.id());
      Conversation conversation = in.conversation();
      if (conversation != null) {
        front.received(conversation, asked, outlet, request);
      }
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
  private boolean isToGoOn(
      RpcMessage.Request asked,
      HttpSession session,
      Request request,
      byte[] content,
      Response response,
      Callback callback) {
    Conversation conversation = session.conversation();
    if (conversation == null || !conversation.isOwned()) {
      session.use();
      return true;
    }
    if (!McpGuard.isOpen(asked.method())) {
      return true;
    }
    HttpRefusal refusal = conversation.refusal(new JettyRequest(request, content), content);
    if (refusal == null) {
      session.use();
      return true;
    }
    boolean isUnsigned = refusal.code().equals("token_required");
    if (asked.method().equals(PING) && isUnsigned && !session.isExpired()) {
      HttpOutlet outlet = front.outlet(asked, null, request, response, callback);
      boolean unused = outlet.send(new RpcMessage.Result(asked.id(), Map.of()));
    } else {
      replies.refuse(response, callback, refusal);
    }
    return false;
  }

  /** Sends what belongs to no request to its client from now on. */
  void listen(Request request, Response response, Callback callback) {
    String id = HttpFront.field(request, HttpFront.SESSION);
    HttpSession session = sessions.find(id);
    if (session == null || !HttpFront.accepts(request, HttpFront.EVENTS)) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      replies.plain(
          response,
          callback,
          id == null ? 405 : session == null ? 404 : 406,
          "who listens has a session, and takes " + HttpFront.EVENTS);
      return;
    }
    if (isRefused(session, request, NOTHING, response, callback)) {
      return;
    }
    request.addIdleTimeoutListener(e -> false);
    response.getHeaders().put(HttpFront.SESSION, session.id());
    HttpOutlet outlet = new HttpOutlet(response, callback, null, null, true, replies.unread());
    if (!session.listen(outlet)) {
      replies.plain(response, callback, 409, "the session is listened to already");
    }
  }

  /** Ends a session. */
  void end(Request request, Response response, Callback callback) {
    HttpSession session = sessions.find(HttpFront.field(request, HttpFront.SESSION));
    if (session == null) {
      unknown(response, callback);
    } else if (!isRefused(session, request, NOTHING, response, callback)) {
      sessions.end(session);
      replies.done(response, callback, 204);
    }
  }
}
