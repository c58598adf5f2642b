package dev.taper.integrations.mcp.server;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** An answer that no cache keeps, whatever the SDK says: it was for one caller. */
final class UncachedAnswer extends HttpServletResponseWrapper {
  private static final String FIELD = "Cache-Control";
  private static final String VALUE = "no-store";

  UncachedAnswer(HttpServletResponse response) {
    super(response);
    response.setHeader(FIELD, VALUE);
  }

  @Override
  public void setHeader(String name, String value) {
    super.setHeader(name, name.equalsIgnoreCase(FIELD) ? VALUE : value);
  }

  @Override
  public void addHeader(String name, String value) {
    if (!name.equalsIgnoreCase(FIELD)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void reset() {
    super.reset();
    super.setHeader(FIELD, VALUE);
  }
}
