package dev.taper.integrations.mcp;

import dev.taper.agent.AgentClient;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stands on an agent's side of a server, and signs the messages of a client that signs nothing. */
final class SigningFilter implements Filter {
  private static final int LARGE = 1 << 20;
  private final McpSigner signer;

  SigningFilter(AgentClient agent) {
    this.signer = McpSigner.of(agent);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if (!http.getMethod().equals("POST")) {
      chain.doFilter(request, response);
      return;
    }
    String body = new String(http.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    chain.doFilter(new Signed(http, signed(body).getBytes(StandardCharsets.UTF_8)), response);
  }

  @SuppressWarnings("unchecked") // it was read as maps from texts
  private String signed(String body) {
    Map<String, @Nullable Object> message = McpJson.read(body, LARGE);
    if (!(message.get("method") instanceof String method) || !message.containsKey("id")) {
      return body;
    }
    Object params = message.get("params");
    message.put(
        "params",
        signer.sign(method, params == null ? new LinkedHashMap<>() : (Map<String, ?>) params));
    return McpJson.write(message, LARGE);
  }

  private static final class Signed extends HttpServletRequestWrapper {
    private final ByteArrayInputStream bytes;

    Signed(HttpServletRequest request, byte[] content) {
      super(request);
      this.bytes = new ByteArrayInputStream(content);
    }

    @Override
    public long getContentLengthLong() {
      return bytes.available();
    }

    @Override
    public ServletInputStream getInputStream() {
      return new ServletInputStream() {
        @Override
        public int read() {
          return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
          return bytes.read(into, offset, length);
        }

        @Override
        public boolean isFinished() {
          return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new IllegalStateException("not asynchronously");
        }
      };
    }
  }
}
