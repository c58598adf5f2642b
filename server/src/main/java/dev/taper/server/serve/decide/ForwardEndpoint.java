package dev.taper.server.serve.decide;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.CallerAddress;
import dev.taper.server.listener.CallerSecret;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forward authentication: a proxy asks about each request before it lets it through. {@code
 * /v1/forward} gives the answers of docs/binding.md, which a proxy hands on to the client. {@code
 * /v1/forward/nginx} gives only 204, 401 and 403, because nginx takes no others, and tells the rest
 * in fields. Thread-safe.
 */
final class ForwardEndpoint implements Endpoint {
  private static final String PATH = "/v1/forward";
  private static final String NGINX = "/v1/forward/nginx";
  private static final HttpAnswer ALLOWED =
      new HttpAnswer(204, Map.of("Cache-Control", "no-store"), new byte[0]);

  private final HttpGuard guard;
  private final CallerSecret secret;
  private final Metrics metrics;

  ForwardEndpoint(HttpGuard guard, CallerSecret secret, Metrics metrics) {
    this.guard = guard;
    this.secret = secret;
    this.metrics = metrics;
  }

  @Override
  public String role() {
    return "forward";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String path = path(request.target());
    boolean isNginx = path.equals(NGINX);
    if (!isNginx && !path.equals(PATH)) {
      return null;
    }
    HttpAnswer stranger = secret.refusal(request);
    if (stranger != null) {
      return stranger;
    }
    try {
      ForwardedRequest forwarded = ForwardedRequest.of(request);
      HttpRefusal refusal = CallerAddress.during(forwarded.address(), () -> judged(forwarded));
      return refusal == null ? ALLOWED : refused(refusal, isNginx);
    } catch (RefusedException e) {
      return refused(e.refusal(), isNginx);
    }
  }

  /** Why it may not go ahead; null if it may. */
  private @Nullable HttpRefusal judged(ForwardedRequest request) {
    try {
      var unused = guard.judgeUnseen(request);
      return null;
    } catch (RefusedException e) {
      return e.refusal();
    }
  }

  private HttpAnswer refused(HttpRefusal refusal, boolean isNginx) {
    metrics.refused(refusal.code());
    return isNginx ? forNginx(refusal) : HttpAnswer.of(refusal);
  }

  /** Some proxies add the query of the request that they ask about, which means nothing here. */
  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private static HttpAnswer forNginx(HttpRefusal refusal) {
    Map<String, String> fields = new LinkedHashMap<>(refusal.fields());
    fields.put("Taper-Status", Integer.toString(refusal.status()));
    fields.put("Taper-Code", refusal.code());
    return new HttpAnswer(refusal.status() == 401 ? 401 : 403, fields, refusal.content());
  }
}
