package dev.taper.integrations.spring;

import dev.taper.FailureLog;
import dev.taper.integrations.http.GuardedCall;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.http.servlet.TaperFilter;
import dev.taper.operations.findings.CallerAddress;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A guard for what the container received. A filter that went before and made another request of it
 * would let one request be judged and another be handled: that is refused. Thread-safe.
 */
record ServletGuard(HttpGuard http, Set<String> open) {
  private static final String REFUSED = ServletGuard.class.getName() + ".refused";
  private static final FailureLog CHANGED =
      FailureLog.of(ServletGuard.class, "guarding behind another filter", Clock.systemUTC());

  /** True for a path that is not judged as a request. It has one spelling. */
  boolean isOpen(HttpServletRequest request) {
    HttpServletRequest received = unchanged(request);
    if (received == null) {
      return false;
    }
    String context = received.getServletContext().getContextPath();
    String path = received.getRequestURI();
    return path.startsWith(context) && open.contains(path.substring(context.length()));
  }

  /** Gives the answers that are the guard's own: what the service is, asks; false without one. */
  boolean answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    HttpServletRequest received = unchanged(request);
    HttpAnswer own = received == null ? null : http.answer(TaperFilter.received(received));
    if (own != null) {
      TaperFilter.write(response, own);
    }
    return own != null;
  }

  /** Answers with a refusal, and remembers it, should the container have another answer. */
  static void refuse(HttpServletRequest request, HttpServletResponse response, HttpRefusal refusal)
      throws IOException {
    request.setAttribute(REFUSED, refusal);
    TaperFilter.write(response, HttpAnswer.of(refusal));
  }

  /**
   * Refuses once more where a container goes to an error page with what was refused, as Tomcat does
   * if a content ended early; false if the error is another one.
   */
  static boolean refuseAgain(ServletRequest request, ServletResponse response) throws IOException {
    boolean refused = request.getAttribute(REFUSED) instanceof HttpRefusal;
    if (refused && response instanceof HttpServletResponse http) {
      TaperFilter.write(http, HttpAnswer.of((HttpRefusal) request.getAttribute(REFUSED)));
    }
    return refused;
  }

  /** Goes on with a call; what comes next sees nothing that was presented with it. */
  void proceed(
      GuardedCall call, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    TaperFilter.proceed(http, call, new WithoutCredentials(request), response, chain);
  }

  /**
   * Judges a request as it was received, and says from where it came: findings name its network.
   *
   * @throws RefusedException as {@link HttpGuard#judge(IncomingRequest)}
   */
  GuardedCall judge(HttpServletRequest request) throws RefusedException {
    HttpServletRequest received = unchanged(request);
    if (received == null) {
      CHANGED.failed(
          new IllegalStateException("a filter before the guard changed what the request asks for"));
      throw new RefusedException(HttpRefusal.of(503, "unavailable", null));
    }
    Object answer =
        CallerAddress.during(
            CallerAddress.figures(received.getRemoteAddr()),
            () -> {
              try {
                return http.judge(TaperFilter.received(received));
              } catch (RefusedException e) {
                return e;
              }
            });
    if (answer instanceof RefusedException refused) {
      throw refused;
    }
    return (GuardedCall) answer;
  }

  /** The container's own request; null if it asks for something else. */
  private static @Nullable HttpServletRequest unchanged(HttpServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner instanceof HttpServletRequest received
            && Objects.equals(received.getMethod(), request.getMethod())
            && Objects.equals(received.getRequestURI(), request.getRequestURI())
            && Objects.equals(received.getQueryString(), request.getQueryString())
            && Objects.equals(received.getContextPath(), request.getContextPath())
            && Objects.equals(received.getServletPath(), request.getServletPath())
            && Objects.equals(received.getPathInfo(), request.getPathInfo())
        ? received
        : null;
  }
}
