package dev.taper.server.mcp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages away that a browser lets talk to this machine: by the name that was dialled, and
 * by the page's own origin. Immutable.
 *
 * @param loopbackOnly whether only names of this machine may be dialled
 * @param origins the origins of pages that may ask, such as {@code https://console.example.com}
 */
public record CallerCheck(boolean loopbackOnly, Set<String> origins) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /** Copies the origins. */
  public CallerCheck {
    origins = Set.copyOf(origins);
  }

  boolean allows(Request request) {
    String host = request.getHttpURI().getHost();
    if (loopbackOnly && !isLoopback(host)) {
      return false;
    }
    List<String> given = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
    return given.isEmpty()
        || (given.size() == 1
            && (origins.contains(given.get(0)) || (loopbackOnly && isLocal(given.get(0)))));
  }

  private static boolean isLoopback(@Nullable String host) {
    return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isLocal(String origin) {
    try {
      return isLoopback(new URI(origin).getHost());
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
