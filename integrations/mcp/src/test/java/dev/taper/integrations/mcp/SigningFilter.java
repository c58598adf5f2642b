package dev.taper.integrations.mcp;

import dev.taper.agent.client.AgentClient;
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
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Stands on an agent's side of a server, and signs the messages of a client that signs nothing. */
final class SigningFilter implements Filter {
  private static final String SESSION = "Mcp-Session-Id";
  private static final int LARGE = 1 << 20;
  private final McpSigner signer;

  SigningFilter(AgentClient agent) {
    this.signer = McpSigner.of(agent);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    String body = new String(http.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String signed = http.getMethod().equals("POST") ? signed(body) : body;
    Map<String, List<String>> fields =
        http.getHeader(SESSION) != null && signed.equals(body) ? fields(http, body) : Map.of();
    chain.doFilter(new Signed(http, signed.getBytes(StandardCharsets.UTF_8), fields), response);
  }

  /** The fields of what goes on with a session and says not itself who sends it. */
  private Map<String, List<String>> fields(HttpServletRequest http, String body) {
    HttpRequest.Builder plain =
        HttpRequest.newBuilder(URI.create(http.getRequestURL().toString()))
            .method(http.getMethod(), BodyPublishers.ofString(body));
    for (String name : List.of("Content-Type", SESSION, "Last-Event-ID")) {
      String value = http.getHeader(name);
      if (value != null) {
        plain.header(name, value);
      }
    }
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    signer
        .sign(plain.build())
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (name.startsWith("Taper-")) {
                fields.put(name, values);
              }
            });
    return fields;
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
    private final Map<String, List<String>> fields;

    Signed(HttpServletRequest request, byte[] content, Map<String, List<String>> fields) {
      super(request);
      this.bytes = new ByteArrayInputStream(content);
      this.fields = fields;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      List<String> values = fields.get(name);
      return values == null ? super.getHeaders(name) : Collections.enumeration(values);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
      List<String> names = Collections.list(super.getHeaderNames());
      names.addAll(fields.keySet());
      return Collections.enumeration(names);
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
