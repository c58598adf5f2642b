package dev.taper.integrations.spring;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.server.SessionFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a server of MCP: it verifies who goes on with a session, and takes no message of
 * MCP that is larger than a server should hold: anybody can send one, and the server reads it whole
 * before it is judged. What states no length ends there with an error, which the server answers.
 * Thread-safe.
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
    if (request.getContentLengthLong() <= max) {
      Bounded bounded = new Bounded(request, max);
      SessionFilter sessions = guards.sessions();
      if (sessions == null) {
        chain.doFilter(bounded, response);
      } else {
        (dialledAs == null ? sessions : sessions.dialledAs(dialledAs))
            .maxContent(max)
            .doFilter(bounded, response, chain);
      }
      return;
    }
    ServletGuard.refuse(
        request,
        response,
        HttpRefusal.of(413, "content_too_large", "a content has at most " + max + " bytes"));
  }

  /** A request whose content ends with an error where it is too large. */
  private static final class Bounded extends HttpServletRequestWrapper {
    private final int max;
    private long read;

    Bounded(HttpServletRequest request, int max) {
      super(request);
      this.max = max;
    }

    private int count(int bytes) throws IOException {
      read += Math.max(0, bytes);
      if (read > max) {
        throw new IOException("the content is too large");
      }
      return bytes;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      ServletInputStream in = super.getInputStream();
      return new ServletInputStream() {
        @Override
        public int read() throws IOException {
          int next = in.read();
          return next < 0 || count(1) > 0 ? next : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          return count(in.read(into, offset, length));
        }

        @Override
        public boolean isFinished() {
          return in.isFinished();
        }

        @Override
        public boolean isReady() {
          return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
          in.setReadListener(listener);
        }
      };
    }

    @Override
    public BufferedReader getReader() throws IOException {
      String charset = getCharacterEncoding();
      return new BufferedReader(
          new InputStreamReader(
              getInputStream(), charset == null ? StandardCharsets.UTF_8.name() : charset));
    }
  }
}
