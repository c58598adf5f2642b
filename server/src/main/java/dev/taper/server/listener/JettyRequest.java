package dev.taper.server.listener;

import dev.taper.integrations.http.IncomingRequest;
import java.io.InputStream;
import java.util.List;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A request as Jetty received it. For one thread. */
public final class JettyRequest implements IncomingRequest {
  private final Request request;

  /** Takes a request of the core, not of servlets. */
  public JettyRequest(Request request) {
    this.request = request;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String target() {
    return request.getHttpURI().getPathQuery();
  }

  @Override
  public boolean isSecure() {
    return request.isSecure();
  }

  @Override
  public List<String> field(String name) {
    return request.getHeaders().getValuesList(name);
  }

  @Override
  public InputStream content() {
    return Content.Source.asInputStream(request);
  }
}
