package dev.taper.integrations.mcp.server;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.http.servlet.TaperFilter;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.SessionOwner;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies who goes on with a session of streamable HTTP, before the SDK's servlet sees it:
 * answers, notifications, requests that need no token, requests to listen, to resume and to end
 * need the token and the proof of the session's lineage in header fields. Without this filter a
 * {@link GuardedTransport} refuses all of them. It stands before that servlet alone, on the
 * servlet's own thread, and before everything that reads a content. Thread-safe.
 */
public final class SessionFilter implements Filter {
  private static final int MAX_CONTENT = 4 << 20;
  private static final Set<String> METHODS = Set.of("GET", "POST", "DELETE");
  private static final byte[] NOTHING = {};

  private final StreamableTransport transport;
  private final HolderCheck holders;
  private final int maxContent;

  private SessionFilter(StreamableTransport transport, HolderCheck holders, int maxContent) {
    this.transport = transport;
    this.holders = holders;
    this.maxContent = maxContent;
  }

  /**
   * Filters for the sessions of one transport.
   *
   * @param guarded what {@link GuardedTransport} returned
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is another one
   */
  public static SessionFilter of(McpStreamableServerTransportProvider guarded) {
    if (!(guarded instanceof StreamableTransport transport)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the transport is not what GuardedTransport returned");
    }
    return new SessionFilter(transport, transport.gate().guard().holders(), MAX_CONTENT);
  }

  /**
   * Takes one origin as what all clients dial, such as that of a proxy; otherwise it is that of the
   * request.
   *
   * @throws TaperException as {@link HolderCheck#dialledAs}
   */
  public SessionFilter dialledAs(String origin) {
    return new SessionFilter(transport, holders.dialledAs(origin), maxContent);
  }

  /**
   * Sets the most bytes of a content; 4 MiB unless set.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is negative
   */
  public SessionFilter maxContent(int bytes) {
    if (bytes < 0 || bytes == Integer.MAX_VALUE) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a content has no " + bytes + " bytes");
    }
    return new SessionFilter(transport, holders, bytes);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("only HTTP is guarded");
    }
    try {
      IncomingRequest received = TaperFilter.received(http);
      McpFields.check(received);
      String id = http.getHeader(McpFields.SESSION);
      if (id == null || !METHODS.contains(http.getMethod())) {
        chain.doFilter(http, TaperFilter.uncached(answer));
        return;
      }
      StreamableSession session = transport.session(id);
      if (session == null) {
        throw new RefusedException(SessionOwner.wrongSession());
      }
      boolean hasContent = http.getMethod().equals("POST");
      byte[] content = hasContent ? content(http) : NOTHING;
      try {
        if (hasContent) {
          look(received, content, session);
        } else {
          verify(received, content, session);
        }
        HttpServletResponse uncached = TaperFilter.uncached(answer);
        chain.doFilter(
            hasContent ? TaperFilter.withContent(http, content, uncached) : http, uncached);
      } finally {
        SessionHolder.release();
      }
    } catch (RefusedException e) {
      TaperFilter.write(answer, HttpAnswer.of(e.refusal()));
    }
  }

  private byte[] content(HttpServletRequest http) throws IOException, RefusedException {
    byte[] content = http.getInputStream().readNBytes(maxContent + 1);
    if (content.length > maxContent) {
      throw tooLarge(maxContent);
    }
    return content;
  }

  private static RefusedException tooLarge(int max) {
    return new RefusedException(
        HttpRefusal.of(413, "content_too_large", "a content has at most " + max + " bytes"));
  }

  /**
   * Verifies who sends an answer, a notification, or a request that needs no token. While a session
   * is nobody's, such a request needs nobody, and neither does the word that it has begun. What is
   * no JSON is for the SDK to refuse.
   */
  private void look(IncomingRequest received, byte[] content, StreamableSession session)
      throws RefusedException {
    Map<String, @Nullable Object> message;
    try {
      message = McpJson.read(new String(content, StandardCharsets.UTF_8), maxContent);
    } catch (TaperException e) {
      return;
    }
    Object method = message.get("method");
    if (method == null && content.length > McpGuard.MAX_ANSWER) {
      throw tooLarge(McpGuard.MAX_ANSWER);
    }
    boolean isRequest = method != null && message.containsKey("id");
    boolean isOpen =
        isRequest
            ? method instanceof String asked && McpGuard.isOpen(asked)
            : SessionRules.INITIALIZED.equals(method);
    if (isOpen && session.rules().takesOpen()) {
      SessionHolder.open(session);
      return;
    }
    if (isRequest && !isOpen) {
      return; // it is judged, with its own token
    }
    try {
      verify(received, content, session);
    } catch (RefusedException e) {
      boolean isUnsigned = e.refusal().code().equals("token_required");
      boolean isAnswered = isRequest && isUnsigned && SessionRules.PING.equals(method);
      if (!isAnswered) { // by the gate
        throw e;
      }
    }
  }

  private void verify(IncomingRequest received, byte[] content, StreamableSession session)
      throws RefusedException {
    DelegationChain chain = holders.check(received, content, McpGuard.SESSION_FIELDS).chain();
    if (chain == null || !session.rules().owns(CredentialFields.of(received).token(), chain)) {
      throw new RefusedException(SessionOwner.wrongSession());
    }
    SessionHolder.hold(session);
  }
}
