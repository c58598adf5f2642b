package dev.taper.server.guard;

import dev.taper.ErrorCode;
import dev.taper.agent.DenialCode;
import dev.taper.agent.Reservation;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.McpShown;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.MessageMeta;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.RelayRules;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.RpcError;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Traces;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a guard: a request goes on as it was judged, or is refused. What is the same with a
 * session and without one stands here. Thread-safe.
 */
abstract class Judging implements RelayRules {
  private static final Logger LOG = LoggerFactory.getLogger(Judging.class);

  /** What listeners are told of, and so is counted; a decision that is not recorded is none. */
  private static final Set<String> DENIALS =
      Arrays.stream(DenialCode.values())
          .filter(code -> code != DenialCode.AUDIT_UNAVAILABLE)
          .map(DenialCode::text)
          .collect(Collectors.toSet());

  private static final McpJudgement INEXACT =
      new McpJudgement.Refused(
          HttpRefusal.of(
              400,
              ErrorCode.INVALID_ARGUMENT_VALUE.text(),
              "a fraction has more digits than a double, which is what servers read"));
  private static final String CAPABILITY = "dev.taper";
  private static final String ROLE = "guard";

  private final McpGuard guard;
  private final Metrics metrics;
  private final boolean byStatus;
  private final Relay relay;
  private final Executor later;
  private final WaitingCalls waiting;
  private final ToolsWatch tools;

  /**
   * Judges.
   *
   * @param byStatus whether refusals are statuses of HTTP, where that is possible
   * @param later goes on with what waited for the server, apart from the thread that reads it
   * @param waiting what waits for the server, of all conversations
   */
  Judging(
      McpGuard guard,
      Metrics metrics,
      boolean byStatus,
      Relay relay,
      Executor later,
      WaitingCalls waiting) {
    this.guard = guard;
    this.metrics = metrics;
    this.byStatus = byStatus;
    this.relay = relay;
    this.later = later;
    this.waiting = waiting;
    this.tools = new ToolsWatch(this::askTools);
  }

  private CompletableFuture<RpcMessage> askTools(Map<String, @Nullable Object> params) {
    return relay.ask(ToolsWatch.LIST, own(params));
  }

  /** The parameters of a request of the guard's own. */
  abstract Map<String, @Nullable Object> own(Map<String, @Nullable Object> params);

  /** What a request is sent with, after it was judged. */
  abstract Map<String, @Nullable Object> sent(String method, Map<String, @Nullable Object> params);

  /** What a client gets of the server's result, after it was cleaned. */
  abstract RpcMessage answered(String method, RpcMessage answer);

  /** The revision that is spoken; null while nobody knows. */
  abstract @Nullable Revision revision();

  Relay relay() {
    return relay;
  }

  ToolsWatch tools() {
    return tools;
  }

  /** Goes on with the call of this thread, wherever it came from. */
  Executor later() {
    return AbuseWatch.here(later);
  }

  /** Goes on with a request when the server's tools are known, at once if they are. */
  final void whenKnown(
      Call call, CompletableFuture<ServerTools> known, Consumer<ServerTools> next) {
    if (known.isDone() && !known.isCompletedExceptionally()) {
      next.accept(known.join());
      return;
    }
    var unused =
        known
            .thenAcceptAsync(next, later())
            .exceptionally(
                e -> {
                  failed(call, e);
                  return null;
                });
  }

  /** Answers a request that cannot be handled; nobody else does, behind the thread that got it. */
  static void failed(Call call, Throwable e) {
    LOG.error("a request cannot be handled", e);
    call.answer(new RpcFault(RpcFault.Code.INTERNAL, "the request cannot be handled"));
  }

  /** Judges a request that is not open to everybody, and sends it on or refuses it. */
  final void judge(Call call) {
    long since = System.nanoTime();
    if (needsTools(call.request())) {
      whenKnown(call, tools.tools(), now -> judge(call, now, since));
    } else {
      judge(call, ServerTools.NONE, since);
    }
  }

  /** True if what the server says of the tool now makes a difference. */
  private boolean needsTools(RpcMessage.Request request) {
    if (!request.method().equals(CatalogTool.McpRoute.CALL)
        || request.params() == null
        || !(request.params().get("name") instanceof String name)) {
      return false;
    }
    CatalogTool tool = guard.tool(name);
    return tool != null && tool.definition() != null;
  }

  private void judge(Call call, ServerTools now, long since) {
    RpcMessage.Request request = call.request();
    String method = request.method();
    if (!call.isOpen()) {
      return; // nobody waits any more, and nothing is claimed
    }
    McpJudgement judgement =
        ReadNumbers.areExact(request.params())
            ? Traces.within(
                McpMeta.traceparent(request.params()),
                () -> guard.judge(method, request.params(), now::isAsPinned))
            : INEXACT;
    String full = full(call, judgement);
    if (full != null) {
      call.answer(new RpcFault(RpcFault.Code.TOO_MANY_REQUESTS, full));
      return;
    }
    if (judgement instanceof McpJudgement.Refused refused) {
      refuse(call, refused);
    } else if (judgement instanceof McpJudgement.Called called) {
      Reservation taken = called.decision().reservation();
      boolean isSent =
          call.isOpen()
              && call.forward(
                  sent(method, called.params()), answer -> finished(method, answer, since));
      if (isSent) {
        taken.close();
      } else {
        taken.giveBack();
      }
    } else if (judgement instanceof McpJudgement.Listed listed) {
      McpShown shown = listed.shown();
      boolean unused =
          call.forward(
              sent(method, listed.params()),
              answer -> {
                RpcMessage clean = finished(method, answer, since);
                return clean instanceof RpcMessage.Result result
                    ? new RpcMessage.Result(
                        result.id(), ListCut.of(method, result.result(), shown, guard))
                    : clean;
              });
    } else {
      open(call, ((McpJudgement.Open) judgement).params());
    }
  }

  /** Why nothing more is taken of a delegator, which then spends nothing; null if it is. */
  private @Nullable String full(Call call, McpJudgement judgement) {
    if (judgement instanceof McpJudgement.Refused) {
      return null;
    }
    Reservation taken = null;
    String delegator = WaitingCalls.STRANGERS;
    if (judgement instanceof McpJudgement.Listed listed) {
      delegator = listed.delegator();
    } else if (judgement instanceof McpJudgement.Called called) {
      delegator = called.decision().chain().delegator();
      taken = called.decision().reservation();
    }
    String why = null;
    if (!delegator.equals(WaitingCalls.STRANGERS) && !relay.known(delegator)) {
      why = "the delegator has as many sessions here as it can";
    } else if (waiting.take(delegator)) {
      String party = delegator;
      call.whenDone(() -> waiting.leave(party));
    } else {
      why = "too many requests of the delegator, or of all, wait for the server";
    }
    if (why != null && taken != null) {
      taken.giveBack();
    }
    return why;
  }

  /** Sends on what everybody may ask. */
  void open(Call call, Map<String, @Nullable Object> params) {
    long since = System.nanoTime();
    String method = call.request().method();
    boolean unused =
        call.forward(
            sent(method, metaOfProtocol(params)), answer -> finished(method, answer, since));
  }

  private RpcMessage finished(String method, RpcMessage answer, long since) {
    metrics.handled(ROLE, Duration.ofNanos(System.nanoTime() - since));
    return answered(method, clean(answer));
  }

  /** Refuses in the form of the binding. */
  private void refuse(Call call, McpJudgement.Refused refused) {
    HttpRefusal refusal = refused.refusal();
    if (!DENIALS.contains(refusal.code())) {
      metrics.refused(refusal.code());
    }
    if (byStatus && !refused.isUnknown() && call.outlet().refuse(refusal)) {
      boolean unused = call.finish();
      return;
    }
    String method = call.request().method();
    McpJudgement.Answer answer = refused.answer(method);
    Integer code = answer.errorCode();
    Object id = call.request().id();
    if (code != null) {
      call.answer(
          new RpcMessage.Failure(id, new RpcError(code, answer.text(), answer.refusal())), 200);
      return;
    }
    Object name = call.request().params() == null ? null : call.request().params().get("name");
    whenKnown(
        call,
        tools.tools(),
        now ->
            call.answer(
                answered(
                    method, new RpcMessage.Result(id, answer.result(now.hasOutputSchema(name)))),
                200));
  }

  /** Refuses a method that the revision has not. */
  final void unknown(Call call) {
    metrics.refused("method_not_found");
    call.answer(
        new RpcMessage.Failure(
            call.request().id(), new RpcError(RpcError.METHOD_NOT_FOUND, "Method not found", null)),
        404);
  }

  /** Says in what a server says of itself that credentials are wanted, and for which service. */
  final Map<String, @Nullable Object> described(Map<String, @Nullable Object> result) {
    Map<String, @Nullable Object> capabilities = RpcMessage.object(result, "capabilities");
    Map<String, @Nullable Object> experimental = RpcMessage.object(capabilities, "experimental");
    experimental.put(CAPABILITY, McpJson.read(guard.describe(), Integer.MAX_VALUE));
    capabilities.put("experimental", experimental);
    Map<String, @Nullable Object> described = new LinkedHashMap<>(result);
    described.put("capabilities", capabilities);
    return described;
  }

  /** Parameters whose {@code _meta} has only what the protocol itself knows. */
  static Map<String, @Nullable Object> metaOfProtocol(Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> clean = new LinkedHashMap<>(params);
    Map<String, @Nullable Object> meta;
    try {
      meta = McpMeta.forwarded(params);
    } catch (RefusedException e) {
      meta = Map.of();
    }
    clean.remove(MessageMeta.META);
    if (!meta.isEmpty()) {
      clean.put(MessageMeta.META, meta);
    }
    return clean;
  }

  /** An answer in which nobody but the guard refuses anything. */
  private static RpcMessage clean(RpcMessage answer) {
    if (answer instanceof RpcMessage.Result result) {
      return new RpcMessage.Result(result.id(), withoutOurs(result.result()));
    }
    RpcMessage.Failure failure = (RpcMessage.Failure) answer;
    Object data = failure.error().data();
    return McpRefusal.of(data) == null
        ? failure
        : new RpcMessage.Failure(
            failure.id(),
            new RpcError(
                failure.error().code(), failure.error().message(), Map.of("server", data)));
  }

  private static Map<String, @Nullable Object> withoutOurs(Map<String, @Nullable Object> given) {
    try {
      return McpMeta.withoutOurs(given);
    } catch (RefusedException e) {
      Map<String, @Nullable Object> rest = new LinkedHashMap<>(given);
      rest.remove(MessageMeta.META);
      return rest;
    }
  }

  @Override
  public RpcMessage.@Nullable Notification notification(RpcMessage.Notification notification) {
    Revision revision = revision();
    if (revision == null || !revision.hasNotification(notification.method())) {
      metrics.refused("notification_dropped");
      return null;
    }
    return notification.params() == null
        ? notification
        : new RpcMessage.Notification(notification.method(), metaOfProtocol(notification.params()));
  }

  @Override
  public RpcMessage answer(RpcMessage answer) {
    return answer instanceof RpcMessage.Result result
        ? new RpcMessage.Result(result.id(), withoutOurs(result.result()))
        : answer;
  }

  @Override
  public RpcMessage.@Nullable Request serverRequest(RpcMessage.Request request) {
    Revision revision = revision();
    if (revision == null || !revision.hasServerRequest(request.method())) {
      metrics.refused("server_request_dropped");
      return null;
    }
    return request;
  }

  @Override
  public RpcMessage.@Nullable Notification serverNotification(
      RpcMessage.Notification notification) {
    if (notification.method().equals(ToolsWatch.CHANGED)) {
      tools.changed();
    }
    Revision revision = revision();
    if (revision == null || !revision.hasServerNotification(notification.method())) {
      metrics.refused("server_notification_dropped");
      return null;
    }
    return notification;
  }
}
