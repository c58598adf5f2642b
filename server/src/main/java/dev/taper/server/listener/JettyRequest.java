package dev.taper.server.listener;

import dev.taper.integrations.http.IncomingRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request as Jetty received it, with all of its content. For one thread. */
public final class JettyRequest implements IncomingRequest {
  private final Request request;
  private final byte @Nullable [] content;

  /**
   * Takes a request of the core, not of servlets.
   *
   * @param content its content, not to be changed; null if that ended early
   */
  public JettyRequest(Request request, byte @Nullable [] content) {
    this.request = request;
    this.content = content;
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
  public Collection<String> fieldNames() {
    return request.getHeaders().getFieldNamesCollection();
  }

  @Override
  public InputStream content() throws IOException {
    if (content == null) {
      throw new EOFException("the content ended early");
    }
    return new ByteArrayInputStream(content);
  }
}
