package dev.taper.integrations.http.servlet;

import dev.taper.integrations.http.IncomingRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of a servlet container. */
record ReceivedRequest(HttpServletRequest request) implements IncomingRequest {
  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String target() {
    String query = request.getQueryString();
    return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
  }

  @Override
  public boolean isSecure() {
    return request.isSecure();
  }

  @Override
  public List<String> field(String name) {
    @Nullable Enumeration<String> values = request.getHeaders(name);
    // Most of the fields that are asked for are not there.
    List<String> all =
        values == null || !values.hasMoreElements() ? List.of() : Collections.list(values);
    return name.equalsIgnoreCase("host") && isSinceHttp2() ? withAuthority(all) : all;
  }

  @Override
  public Collection<String> fieldNames() {
    @Nullable Enumeration<String> names = request.getHeaderNames();
    if (names == null) {
      throw new IllegalStateException("the container does not say which header fields there are");
    }
    return Collections.list(names);
  }

  private boolean isSinceHttp2() {
    String protocol = request.getProtocol();
    return protocol.startsWith("HTTP/2") || protocol.startsWith("HTTP/3");
  }

  /**
   * Since HTTP/2 a client says in {@code :authority} what it dials. Servers need not make a {@code
   * Host} of that; one that says something else is a second one.
   */
  private List<String> withAuthority(List<String> hosts) {
    String name = request.getServerName();
    String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
    int port = request.getServerPort();
    String whole = host + ":" + port;
    String authority = port == (request.isSecure() ? 443 : 80) ? host : whole;
    List<String> all = new ArrayList<>(List.of(authority));
    for (String other : hosts) {
      if (!other.equalsIgnoreCase(authority) && !other.equalsIgnoreCase(whole)) {
        all.add(other);
      }
    }
    return all;
  }

  @Override
  public InputStream content() throws IOException {
    return request.getInputStream();
  }
}
