package dev.taper.integrations.http.jdk;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import dev.taper.integrations.http.GuardedCall;
import dev.taper.integrations.http.HttpRefusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose call is allowed: its content is what was judged, and its answer is never kept
 * by a cache. The call is not an attribute, because exchanges of one context share those.
 */
final class GuardedExchange extends HttpExchange {
  private final HttpExchange exchange;
  private final GuardedCall call;
  private InputStream content;

  GuardedExchange(HttpExchange exchange, GuardedCall call) {
    this.exchange = exchange;
    this.call = call;
    this.content = new ByteArrayInputStream(call.content());
  }

  GuardedCall call() {
    return call;
  }

  @Override
  public InputStream getRequestBody() {
    return content;
  }

  @Override
  public void sendResponseHeaders(int status, long length) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().remove(HttpRefusal.FIELD); // the handler refuses nothing of ours
    exchange.sendResponseHeaders(status, length);
  }

  @Override
  public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
    content = in == null ? content : in;
    exchange.setStreams(null, out);
  }

  @Override
  public Headers getRequestHeaders() {
    return exchange.getRequestHeaders();
  }

  @Override
  public Headers getResponseHeaders() {
    return exchange.getResponseHeaders();
  }

  @Override
  public URI getRequestURI() {
    return exchange.getRequestURI();
  }

  @Override
  public String getRequestMethod() {
    return exchange.getRequestMethod();
  }

  @Override
  public HttpContext getHttpContext() {
    return exchange.getHttpContext();
  }

  @Override
  public void close() {
    exchange.close();
  }

  @Override
  public OutputStream getResponseBody() {
    return exchange.getResponseBody();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return exchange.getRemoteAddress();
  }

  @Override
  public int getResponseCode() {
    return exchange.getResponseCode();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return exchange.getLocalAddress();
  }

  @Override
  public String getProtocol() {
    return exchange.getProtocol();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return exchange.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    exchange.setAttribute(name, value);
  }

  @Override
  public HttpPrincipal getPrincipal() {
    return exchange.getPrincipal();
  }
}
