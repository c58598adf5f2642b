package dev.taper.integrations.http.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose content is what was judged. Its parameters are those of the query: what a form
 * says was judged as arguments of the call. Parts of a content are for the servlet to find. It has
 * no trailers, and becomes no other protocol.
 */
final class JudgedRequest extends HttpServletRequestWrapper {
  private final Content content;
  private final ServletResponse response;
  private final @Nullable String encoding;
  private @Nullable BufferedReader reader;

  /**
   * Wraps a request.
   *
   * @param encoding of its text, whatever its type says; null for what that says
   */
  JudgedRequest(
      HttpServletRequest request,
      byte[] content,
      @Nullable String encoding,
      ServletResponse response) {
    super(request);
    this.encoding = encoding;
    this.response = response;
    this.content = new Content(new ByteArrayInputStream(content));
  }

  @Override
  public @Nullable String getCharacterEncoding() {
    return encoding == null ? super.getCharacterEncoding() : encoding;
  }

  @Override
  public ServletInputStream getInputStream() {
    return content;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    BufferedReader made = reader;
    if (made == null) {
      String name = getCharacterEncoding();
      made =
          new BufferedReader(
              new InputStreamReader(
                  content, name == null ? StandardCharsets.ISO_8859_1.name() : name));
      reader = made;
    }
    return made;
  }

  /** A container goes on with its own request and response unless it is given others. */
  @Override
  public AsyncContext startAsync() {
    return super.startAsync(this, response);
  }

  @Override
  public Collection<Part> getParts() {
    throw noParts();
  }

  @Override
  public Part getPart(String name) {
    throw noParts();
  }

  /** Trailers come behind what was judged. */
  @Override
  public Map<String, String> getTrailerFields() {
    return Map.of();
  }

  @Override
  public boolean isTrailerFieldsReady() {
    return true;
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) {
    throw new IllegalStateException("nobody would judge what comes after an upgrade");
  }

  private static IllegalStateException noParts() {
    return new IllegalStateException("the content was judged as a whole; read it from its stream");
  }

  /** The content, all of which is there already. */
  private static final class Content extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    Content(ByteArrayInputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return bytes.read(into, offset, length);
    }

    @Override
    public int available() {
      return bytes.available();
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
      try {
        if (!isFinished()) {
          listener.onDataAvailable();
        }
        listener.onAllDataRead();
      } catch (IOException e) {
        listener.onError(e);
      }
    }
  }
}
