package dev.taper.integrations.http.jdk;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
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
import java.io.IOException;

/**
 * Guards a context of the JDK's HTTP server: a handler behind it sees only calls that are allowed,
 * and reads the bytes that were judged. The context has no authenticator of its own: the server
 * asks that about no exchange but its own, and so answers nothing. Thread-safe.
 *
 * <pre>{@code
 * server.createContext("/", exchange -> answer(TaperFilter.call(exchange)))
 *     .getFilters()
 *     .add(TaperFilter.of(verifier));
 * }</pre>
 */
public final class TaperFilter extends Filter {
  private final HttpGuard guard;

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
   * The call that an exchange makes, with the arguments that were judged.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if no filter of ours let it through
   */
  public static ToolCall call(HttpExchange exchange) {
    return allowed(exchange).call();
  }

  /**
   * What was decided about an exchange, and its content.
   *
   * @throws TaperException as {@link #call}
   */
  public static GuardedCall allowed(HttpExchange exchange) {
    if (exchange instanceof GuardedExchange guarded) {
      return guarded.call();
    }
    throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the exchange is not guarded");
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    IncomingRequest request = new ExchangeRequest(exchange);
    HttpAnswer own = guard.answer(request);
    if (own != null) {
      answer(exchange, own);
      return;
    }
    GuardedCall call;
    try {
      call = guard.judge(request);
    } catch (RefusedException e) {
      answer(exchange, HttpAnswer.of(e.refusal()));
      return;
    }
    // The handler is entered: what the call took counts, whatever becomes of it.
    try {
      chain.doFilter(new GuardedExchange(exchange, call));
    } finally {
      call.decision().reservation().close();
    }
  }

  private static void answer(HttpExchange exchange, HttpAnswer answer) throws IOException {
    try (exchange) {
      answer.fields().forEach(exchange.getResponseHeaders()::set);
      byte[] content = answer.content();
      boolean bodiless = content.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : content.length);
      if (!bodiless) {
        exchange.getResponseBody().write(content);
      }
    }
  }

  @Override
  public String description() {
    return "lets through the calls that a Taper verifier allows";
  }
}
