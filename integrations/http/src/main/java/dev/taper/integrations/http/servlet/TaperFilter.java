package dev.taper.integrations.http.servlet;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.integrations.http.GuardedCall;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guards servlets: a servlet behind it sees only calls that are allowed, and reads the bytes that
 * were judged. It goes before every filter that reads content or parameters. A request that it let
 * through and that is dispatched again is not judged twice; a filter with another guard judges it
 * by its own. Thread-safe.
 */
public final class TaperFilter implements Filter {
  private static final String ALLOWED = TaperFilter.class.getName() + ".allowed";

  /** Fields that say something of a content, which another content must not have. */
  private static final Set<String> OF_CONTENT =
      Set.of(
          "accept-ranges",
          "content-digest",
          "content-disposition",
          "content-encoding",
          "content-language",
          "content-length",
          "content-location",
          "content-range",
          "content-type",
          "etag",
          "last-modified",
          "repr-digest",
          "transfer-encoding");

  private final HttpGuard guard;

  /** What guards let through, the last one first: each knows by it what it has judged itself. */
  private record Passed(HttpGuard by, GuardedCall call, @Nullable Passed before) {
    static @Nullable Passed of(ServletRequest request) {
      return request.getAttribute(ALLOWED) instanceof Passed passed ? passed : null;
    }

    boolean isBy(HttpGuard guard) {
      return by == guard || (before != null && before.isBy(guard));
    }
  }

  private TaperFilter(HttpGuard guard) {
    this.guard = guard;
  }

  /**
   * Guards with a verifier.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it has no catalog
   */
  public static TaperFilter of(Verifier verifier) {
    return of(HttpGuard.of(verifier));
  }

  /** Guards with a guard. */
  public static TaperFilter of(HttpGuard guard) {
    return new TaperFilter(Given.that(guard, "the guard"));
  }

  /**
   * The call that a request makes, with the arguments that were judged.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if no filter of ours let it through
   */
  public static ToolCall call(ServletRequest request) {
    return allowed(request).call();
  }

  /**
   * What was decided about a request, and its content.
   *
   * @throws TaperException as {@link #call}
   */
  public static GuardedCall allowed(ServletRequest request) {
    Passed passed = Passed.of(request);
    if (passed != null) {
      return passed.call();
    }
    throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the request is not guarded");
  }

  /** True for a request that a filter of ours let through. */
  public static boolean isAllowed(ServletRequest request) {
    return Passed.of(request) != null;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("only HTTP is guarded");
    }
    Passed before = Passed.of(request);
    if (before != null && before.isBy(guard)) {
      chain.doFilter(request, new UncachedResponse(answer)); // which dispatches unwrap
      return;
    }
    if (request.getDispatcherType() == DispatcherType.INCLUDE) {
      throw new ServletException(
          "what is included has another path than the request that is judged");
    }
    IncomingRequest received = received(http);
    HttpAnswer own = guard.answer(received);
    if (own != null) {
      write(answer, own);
      return;
    }
    GuardedCall call;
    try {
      call = guard.judge(received);
    } catch (RefusedException e) {
      write(answer, HttpAnswer.of(e.refusal()));
      return;
    }
    proceed(guard, call, http, answer, chain);
  }

  /** A request of a servlet container, for a guard to judge. */
  public static IncomingRequest received(HttpServletRequest request) {
    return new ReceivedRequest(request);
  }

  /**
   * Goes on with a call that a guard let through: the servlet reads the bytes that were judged,
   * finds the call by {@link #allowed}, and no cache keeps its answer. For filters of frameworks
   * that do the rest of {@link #doFilter} in their own way.
   *
   * @param guard whose filters need not judge the request again
   */
  public static void proceed(
      HttpGuard guard,
      GuardedCall call,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    request.setAttribute(ALLOWED, new Passed(guard, call, Passed.of(request)));
    UncachedResponse uncached = new UncachedResponse(response);
    // The servlet is entered: what the call took counts, whatever becomes of it.
    try {
      chain.doFilter(new JudgedRequest(request, call.content(), null, uncached), uncached);
    } finally {
      call.decision().reservation().close();
    }
  }

  /**
   * A response that no cache keeps, whatever is set on it later. For filters of frameworks that
   * judge by themselves.
   */
  public static HttpServletResponse uncached(HttpServletResponse response) {
    return new UncachedResponse(response);
  }

  /**
   * A request whose content was read, and is UTF-8 whatever its type says. For filters of messages,
   * which are judged one by one.
   *
   * @param content all of it; not copied, and not to be changed
   * @param response what the request is answered by
   */
  public static HttpServletRequest withContent(
      HttpServletRequest request, byte[] content, HttpServletResponse response) {
    return new JudgedRequest(request, content, StandardCharsets.UTF_8.name(), response);
  }

  /**
   * Gives an answer of the guard's own, in place of whatever content the response has so far.
   * Fields that filters before set for every answer stay, such as those of CORS.
   */
  public static void write(HttpServletResponse response, HttpAnswer answer) throws IOException {
    Map<String, List<String>> kept = new LinkedHashMap<>();
    for (String name : response.getHeaderNames()) {
      if (!OF_CONTENT.contains(name.toLowerCase(Locale.ROOT))) {
        kept.put(name, List.copyOf(response.getHeaders(name)));
      }
    }
    response.reset(); // the only way to take fields away that each server knows
    kept.forEach((name, values) -> restore(response, name, values));
    response.setStatus(answer.status());
    answer.fields().forEach(response::setHeader);
    if (answer.content().length > 0) {
      response.getOutputStream().write(answer.content());
    }
  }

  private static void restore(HttpServletResponse response, String name, List<String> values) {
    if (!response.containsHeader(name)) { // a server keeps some by itself
      values.forEach(value -> response.addHeader(name, value));
    }
  }
}
