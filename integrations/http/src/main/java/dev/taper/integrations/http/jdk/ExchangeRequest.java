package dev.taper.integrations.http.jdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.taper.integrations.http.IncomingRequest;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;

/** A request of the JDK's server. */
record ExchangeRequest(HttpExchange exchange) implements IncomingRequest {
  @Override
  public String method() {
    return exchange.getRequestMethod();
  }

  /** The text of the URI is what was received. */
  @Override
  public String target() {
    return exchange.getRequestURI().toString();
  }

  @Override
  public boolean isSecure() {
    return exchange instanceof HttpsExchange;
  }

  @Override
  public List<String> field(String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null ? List.of() : values;
  }

  @Override
  public Collection<String> fieldNames() {
    return exchange.getRequestHeaders().keySet();
  }

  @Override
  public InputStream content() {
    return exchange.getRequestBody();
  }
}
