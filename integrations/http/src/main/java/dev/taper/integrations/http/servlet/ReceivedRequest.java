package dev.taper.integrations.http.servlet;

import dev.taper.integrations.http.IncomingRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
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
    return values == null ? List.of() : Collections.list(values);
  }

  @Override
  public InputStream content() throws IOException {
    return request.getInputStream();
  }
}
