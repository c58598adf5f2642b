package dev.taper.integrations.mcp.server;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A request whose content was read, and is UTF-8 whatever its type says. */
final class ReadRequest extends HttpServletRequestWrapper {
  private final Content content;

  ReadRequest(HttpServletRequest request, byte[] content) {
    super(request);
    this.content = new Content(new ByteArrayInputStream(content));
  }

  @Override
  public String getCharacterEncoding() {
    return StandardCharsets.UTF_8.name();
  }

  @Override
  public ServletInputStream getInputStream() {
    return content;
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
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
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("the content is there already: read it from its stream");
    }
  }
}
