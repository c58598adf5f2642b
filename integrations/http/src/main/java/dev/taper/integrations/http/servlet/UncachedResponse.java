package dev.taper.integrations.http.servlet;

import dev.taper.integrations.http.HttpRefusal;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/**
 * A response that no cache keeps, whatever the servlet says: it was for one caller. Nor is it taken
 * for a refusal of the guard.
 */
final class UncachedResponse extends HttpServletResponseWrapper {
  private static final String FIELD = "Cache-Control";
  private static final String VALUE = "no-store";

  UncachedResponse(HttpServletResponse response) {
    super(response);
    response.setHeader(FIELD, VALUE);
  }

  @Override
  public void setHeader(String name, String value) {
    if (!name.equalsIgnoreCase(HttpRefusal.FIELD)) {
      super.setHeader(name, name.equalsIgnoreCase(FIELD) ? VALUE : value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (!name.equalsIgnoreCase(FIELD) && !name.equalsIgnoreCase(HttpRefusal.FIELD)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void reset() {
    super.reset();
    super.setHeader(FIELD, VALUE);
  }
}
