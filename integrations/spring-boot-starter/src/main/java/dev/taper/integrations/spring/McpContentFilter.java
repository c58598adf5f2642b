package dev.taper.integrations.spring;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.servlet.TaperFilter;
import dev.taper.integrations.mcp.server.SessionFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a server of MCP: it verifies who goes on with a session, and takes no message of
 * MCP that is larger than a server should hold: anybody can send one, and the server reads it whole
 * before it is judged. Thread-safe.
 */
final class McpContentFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final int max;
  private final transient GuardedMcp guards;
  private final @Nullable String dialledAs;

  /**
   * Makes a filter.
   *
   * @param max bytes of a content
   * @param guards of the transports
   * @param dialledAs what all clients dial; null if that is what a request says
   */
  McpContentFilter(int max, GuardedMcp guards, @Nullable String dialledAs) {
    this.max = max;
    this.guards = guards;
    this.dialledAs = dialledAs;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    byte[] content = content(request);
    if (content == null) {
      ServletGuard.refuse(
          request,
          response,
          HttpRefusal.of(413, "content_too_large", "a content has at most " + max + " bytes"));
      return;
    }
    HttpServletRequest whole = TaperFilter.withContent(request, content, response);
    SessionFilter sessions = guards.sessions();
    if (sessions == null) {
      chain.doFilter(whole, response);
    } else {
      (dialledAs == null ? sessions : sessions.dialledAs(dialledAs))
          .maxContent(max)
          .doFilter(whole, response, chain);
    }
  }

  /** All of a content; null if it is too large. */
  private byte @Nullable [] content(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > max) {
      return null;
    }
    InputStream in = request.getInputStream();
    byte[] content = in.readNBytes(max);
    return in.read() < 0 ? content : null;
  }
}
