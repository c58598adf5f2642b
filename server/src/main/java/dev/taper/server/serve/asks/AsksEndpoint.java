package dev.taper.server.serve.asks;

import dev.taper.agent.approval.AskStatus;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.listener.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The asks of docs/binding.md for several services. An ask is made of the service that its client
 * dials; an ask that is there is found whoever's it is. Thread-safe.
 */
public final class AsksEndpoint implements Endpoint {
  private static final String PATH = AskStatus.PATH;

  /** More than an answer may have, so that each service says itself that it is too long. */
  private static final int MAX_ANSWER = 32 * 1024;

  private static final HttpAnswer UNKNOWN = HttpAnswer.of(HttpRefusal.of(404, "unknown_ask", null));

  /** The field in which a proxy says how clients dial. */
  private static final String SCHEME = "Taper-Original-Scheme";

  private final List<Service> services;
  private final boolean isBehindProxy;

  /**
   * A service that keeps asks.
   *
   * @param guard keeps its asks
   * @param catalog its catalog as it is now, which says where clients dial it
   */
  public record Service(HttpGuard guard, Supplier<ToolCatalog> catalog) {
    boolean isDialledAs(IncomingRequest request) {
      List<String> hosts = request.field("host");
      String scheme = request.isSecure() ? "https://" : "http://";
      return hosts.size() == 1 && catalog.get().origin(scheme + hosts.get(0)) != null;
    }
  }

  /**
   * Answers for services.
   *
   * @param isBehindProxy whether a proxy says in {@code Taper-Original-Scheme}, which it overwrites
   *     in every request, how clients dial
   */
  public AsksEndpoint(List<Service> services, boolean isBehindProxy) {
    this.services = List.copyOf(services);
    this.isBehindProxy = isBehindProxy;
  }

  @Override
  public String role() {
    return "asks";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String target = request.target();
    boolean isAsk = target.startsWith(PATH + "/");
    if (!isAsk && !target.equals(PATH) && !target.equals(HttpGuard.WELL_KNOWN)) {
      return null;
    }
    boolean isSecure = request.isSecure();
    if (isBehindProxy && !target.equals(HttpGuard.WELL_KNOWN)) {
      List<String> schemes = request.field(SCHEME);
      if (schemes.size() != 1) {
        return HttpAnswer.of(
            HttpRefusal.of(400, "invalid_request", "the request does not come from the proxy"));
      }
      isSecure = schemes.get(0).equals("https");
    }
    return isAsk ? found(request, isSecure) : dialled(new Repeated(request, isSecure, null));
  }

  private @Nullable HttpAnswer dialled(IncomingRequest request) {
    for (Service service : services) {
      if (service.isDialledAs(request)) {
        return service.guard().answer(request);
      }
    }
    if (request.target().equals(HttpGuard.WELL_KNOWN)) {
      return services.size() == 1 ? services.get(0).guard().answer(request) : null;
    }
    return HttpAnswer.of(
        HttpRefusal.of(400, "invalid_request", "no service here is dialled like that"));
  }

  /** Asks each service: the store is one, and an ask knows whose it is. */
  private HttpAnswer found(IncomingRequest request, boolean isSecure) {
    Repeated repeated;
    try {
      repeated = new Repeated(request, isSecure, request.content().readNBytes(MAX_ANSWER));
    } catch (IOException e) {
      return HttpAnswer.of(HttpRefusal.of(400, "invalid_request", "the content ends early"));
    }
    for (Service service : services) {
      HttpAnswer answer = service.guard().answer(repeated);
      if (answer != null && answer.status() != 404) {
        return answer;
      }
    }
    return UNKNOWN;
  }

  /**
   * A request as its client dialled it, whose content may be read several times.
   *
   * @param bytes the content; null to read it once
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Repeated(IncomingRequest request, boolean isSecure, byte @Nullable [] bytes)
      implements IncomingRequest {
    @Override
    public String method() {
      return request.method();
    }

    @Override
    public String target() {
      return request.target();
    }

    @Override
    public List<String> field(String name) {
      return request.field(name);
    }

    @Override
    public Collection<String> fieldNames() {
      return request.fieldNames();
    }

    @Override
    public InputStream content() throws IOException {
      return bytes == null ? request.content() : new ByteArrayInputStream(bytes);
    }
  }
}
