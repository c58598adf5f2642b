package dev.taper.server.guard;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.mcp.KnownMembers;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.SessionOwner;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.MirroredFields;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of requests that stand alone, as revision 2026-07-28 has them; before a server that
 * needs a session, too. Thread-safe.
 */
final class AloneRules extends Judging {
  private static final int UNAUTHORIZED = 401;
  private static final String DISCOVER = "server/discover";
  private static final String LISTEN = "subscriptions/listen";
  private static final String READ = "resources/read";
  private static final String SCOPE = "cacheScope";
  private static final String TYPE = "resultType";
  private static final String PROTOCOL = "io.modelcontextprotocol/";

  /** What a client can do, as servers are told: it cannot be asked, and has no extensions. */
  private static final Map<String, Object> NO_CAPABILITIES = Map.of();

  /** Whose the requests are that wait for the server. */
  private final Map<Call, SessionOwner> owners = new ConcurrentHashMap<>();

  private @Nullable CompletableFuture<ServerEra> era; // guarded by this
  private volatile @Nullable ServerEra known;

  AloneRules(GuardHost host, Relay relay) {
    super(host, relay);
  }

  @Override
  Revision revision() {
    return Revision.V2026_07_28;
  }

  @Override
  public void request(Call call) {
    Object version = McpMeta.version(call.request().params());
    if (!revision().text().equals(version)) {
      call.answer(Failure.unsupported(call.request().id(), version), 400);
      return;
    }
    ServerEra server = known;
    if (server != null) {
      request(call, server);
      return;
    }
    CompletableFuture<ServerEra> held = held(call, era());
    if (held == null) {
      return;
    }
    var unused =
        held.handleAsync(
                (found, error) -> {
                  if (found != null) {
                    request(call, found);
                  } else {
                    forgetEra();
                    call.answer(fault(error));
                  }
                  return true;
                },
                later())
            .exceptionally(
                e -> {
                  failed(call, e);
                  return false;
                });
  }

  private static RpcFault fault(@Nullable Throwable error) {
    Throwable cause = error == null || error.getCause() == null ? error : error.getCause();
    return cause instanceof RpcFault fault
        ? fault
        : new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server says nothing of itself");
  }

  private synchronized CompletableFuture<ServerEra> era() {
    if (era == null) {
      era =
          ServerEra.of(relay(), Map.of())
              .whenComplete(
                  (found, error) -> {
                    known = found;
                  });
    }
    return era;
  }

  private synchronized void forgetEra() {
    if (known == null) {
      era = null;
    }
  }

  private void request(Call call, ServerEra server) {
    String method = call.request().method();
    if (Revision.isNotCarried(method)
        || (McpGuard.isOpen(method) && !revision().hasRequest(method))) {
      unknown(call);
    } else if (method.equals(DISCOVER) && !server.standsAlone()) {
      call.answer(
          new RpcMessage.Result(
              call.request().id(),
              described(method, result(method, server.discovered()), revision())),
          200);
    } else if (method.equals(LISTEN) && !server.standsAlone()) {
      unknown(call);
    } else if (method.equals(CatalogTool.McpRoute.CALL)
        && call.outlet().parameters() != null
        && !McpMeta.isUnread(call.request().params())) {
      whenKnown(call, tools().tools(), now -> mirrored(call, now));
    } else {
      judge(call);
    }
  }

  /** Compares what a client's header fields say of the arguments with these. */
  private void mirrored(Call call, ServerTools now) {
    RpcMessage.Request request = call.request();
    Map<String, @Nullable Object> schema =
        request.params() == null ? null : now.inputSchema(request.params().get("name"));
    Map<String, String> given = Objects.requireNonNullElse(call.outlet().parameters(), Map.of());
    if (schema != null && !MirroredFields.matches(given, request.params(), schema)) {
      call.answer(
          new Failure(
              request.id(),
              MirroredFields.MISMATCH,
              "a field Mcp-Param-… is not what the arguments have",
              null),
          400);
    } else {
      judge(call);
    }
  }

  private boolean standsAlone() {
    ServerEra server = known;
    return server != null && server.standsAlone();
  }

  @Override
  Map<String, @Nullable Object> own(Map<String, @Nullable Object> params) {
    return standsAlone() ? ServerEra.alone(params) : params;
  }

  @Override
  Map<String, @Nullable Object> sent(String method, Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> meta = KnownMembers.meta(params);
    if (standsAlone()) {
      meta.put(McpMeta.CAPABILITIES, NO_CAPABILITIES);
    } else {
      meta.keySet().removeIf(name -> name.startsWith(PROTOCOL));
    }
    Map<String, @Nullable Object> sent = new LinkedHashMap<>(params);
    sent.remove(McpMeta.MEMBER);
    if (!meta.isEmpty()) {
      sent.put(McpMeta.MEMBER, meta);
    }
    return sent;
  }

  @Override
  RpcMessage answered(String method, RpcMessage answer) {
    if (!(answer instanceof RpcMessage.Result result)) {
      return answer;
    }
    if ("input_required".equals(result.result().get(TYPE))) {
      return new Failure(
          result.id(),
          Failure.INTERNAL,
          "input_not_accepted: the server asks for input, and the guard takes no answer to it",
          Map.of(RpcFault.MEMBER, "input_not_accepted"));
    }
    Object type = result.result().get(TYPE);
    if (type != null && !type.equals("complete")) {
      return new RpcFault(Code.UPSTREAM_INVALID, "the server answers with what is not carried")
          .answer(result.id());
    }
    Map<String, @Nullable Object> done = result(method, result.result());
    return new RpcMessage.Result(
        result.id(), method.equals(DISCOVER) ? described(method, done, revision()) : done);
  }

  /** What every result of this revision says; and that nobody keeps one caller's for others. */
  private static Map<String, @Nullable Object> result(
      String method, Map<String, @Nullable Object> given) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>(given);
    result.putIfAbsent(TYPE, "complete");
    if (McpGuard.isList(method)) {
      result.put(SCOPE, "private");
      result.put("ttlMs", 0);
    } else if (method.equals(READ)) {
      result.put(SCOPE, "private");
      result.putIfAbsent("ttlMs", 0);
    } else if (method.equals(DISCOVER)) {
      result.put("supportedVersions", List.of(Revision.V2026_07_28.text()));
      result.putIfAbsent(SCOPE, "private");
      result.putIfAbsent("ttlMs", 0);
    }
    return result;
  }

  @Override
  boolean isOwner(Call call, String token, DelegationChain chain) {
    SessionOwner owner = SessionOwner.nobody(guard());
    if (!owner.present(token, chain)) {
      return false;
    }
    owners.put(call, owner);
    call.vouch();
    return true;
  }

  @Override
  void forget(Call call) {
    owners.remove(call);
  }

  @Override
  public RpcMessage.@Nullable Notification serverNotification(
      RpcMessage.Notification notification) {
    RpcMessage.Notification judged = super.serverNotification(notification);
    boolean isUnasked =
        !standsAlone() && judged != null && judged.method().equals("notifications/message");
    return isUnasked ? null : judged;
  }

  @Override
  public boolean mayHave(RpcMessage message, @Nullable Call call) {
    SessionOwner owner = call == null ? null : owners.get(call);
    return owner != null && mayHave(message, owner);
  }

  @Override
  public boolean isOwned() {
    return false; // each request has its own credential
  }

  @Override
  public HttpRefusal refusal(IncomingRequest request, byte[] content) {
    return HttpRefusal.of(400, "invalid_request", "there is no session");
  }

  /** A stream on which somebody listens ends with the token; any other with its answer. */
  @Override
  public void look() {
    owners.forEach(
        (call, owner) -> {
          if (!call.hasEnd() && owner.state() == SessionOwner.State.ENDED) {
            String code = String.valueOf(owner.code());
            relay()
                .withdraw(
                    call,
                    new Failure(
                        call.request().id(),
                        UNAUTHORIZED,
                        code + ": the token has ended",
                        Map.of(
                            McpMeta.REFUSAL,
                            McpJson.read(
                                HttpRefusal.of(UNAUTHORIZED, code, null).toJson(),
                                Integer.MAX_VALUE))));
          }
        });
  }

  @Override
  public Map<String, String> fields(RpcMessage message) {
    return MirroredFields.of(message, tools().known()::inputSchema);
  }
}
