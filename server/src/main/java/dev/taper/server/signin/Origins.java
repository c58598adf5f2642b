package dev.taper.server.signin;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which origins browsers reach the pages of a process, such as {@code https://taper.acme.com} or
 * {@code http://127.0.0.1:8290}. A request for another host is refused: a name that somebody else
 * made lead here would make a foreign page one of ours. Thread-safe.
 */
public final class Origins {
  private static final Pattern FORM =
      Pattern.compile(
          "https://[a-z0-9-]+(\\.[a-z0-9-]+)*(:[0-9]{1,5})?|http://(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");
  private static final Set<String> SITES = Set.of("same-origin", "none");

  private final Set<String> origins = ConcurrentHashMap.newKeySet();

  /** No origin yet: a process that takes a free port learns its own. */
  public Origins() {}

  /**
   * Adds an origin.
   *
   * @param origin in lower case, without a default port: https, or http on this machine
   * @throws OperationException {@code usage} if it is none
   */
  public Origins add(String origin) {
    if (!FORM.matcher(origin).matches()) {
      throw OperationException.usage(
          "the origin of pages is such as https://taper.example.com, or http on this machine");
    }
    origins.add(origin);
    return this;
  }

  /** The origin that the request's host says; null if it is none of ours. */
  public @Nullable String of(IncomingRequest request) {
    List<String> hosts = request.field("host");
    if (hosts.size() != 1) {
      return null;
    }
    for (String origin : origins) {
      if (origin.substring(origin.indexOf("//") + 2).equals(hosts.get(0))) {
        return origin;
      }
    }
    return null;
  }

  /**
   * Refuses a request for a host that is not ours.
   *
   * @return null if it is ours
   */
  public @Nullable HttpAnswer foreign(IncomingRequest request) {
    return of(request) == null
        ? HttpAnswer.of(
            HttpRefusal.of(421, "other_host", "these pages are not reached by this name"))
        : null;
  }

  /**
   * True if the browser says that a page of ours made the request. Pages without a referrer send
   * the origin {@code null} with forms; then the browser's own word for the site decides. A request
   * that says neither is not ours.
   */
  public boolean isOurs(IncomingRequest request) {
    String own = of(request);
    List<String> stated = request.field("origin");
    List<String> sites = request.field("sec-fetch-site");
    if (own == null || stated.size() > 1 || sites.size() > 1) {
      return false;
    }
    boolean isNamed = stated.size() == 1 && !stated.get(0).equals("null");
    if (isNamed && !stated.get(0).equals(own)) {
      return false;
    }
    return sites.isEmpty() ? isNamed : sites.get(0).equals("same-origin");
  }

  /**
   * True if no other site had the browser make the request: it is of our page, or the person typed
   * it. For what only shows something.
   */
  public static boolean isNotOthers(IncomingRequest request) {
    List<String> sites = request.field("sec-fetch-site");
    return sites.isEmpty() || (sites.size() == 1 && SITES.contains(sites.get(0)));
  }
}
