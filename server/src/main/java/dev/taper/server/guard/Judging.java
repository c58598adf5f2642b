package dev.taper.server.guard;

import dev.taper.ErrorCode;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Reservation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.KnownMembers;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpShown;
import dev.taper.integrations.mcp.SessionOwner;
import dev.taper.operations.findings.CallerAddress;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.RelayRules;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
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
import java.util.function.UnaryOperator;
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
  static final String CAPABILITIES = "capabilities";
  private static final String ROLE = "guard";

  private final GuardHost host;
  private final McpGuard guard;
  private final Metrics metrics;
  private final WaitingCalls waiting;
  private final Relay relay;
  private final ToolsWatch tools;

  Judging(GuardHost host, Relay relay) {
    this.host = host;
    this.guard = host.guard();
    this.metrics = host.metrics();
    this.waiting = host.waiting();
    this.relay = relay;
    this.tools = new ToolsWatch(this::askTools);
  }

  private CompletableFuture<RpcMessage> askTools(Map<String, @Nullable Object> params) {
    return relay.ask(ToolsWatch.LIST, own(params));
  }

  /** The parameters of a request of the guard's own. */
  abstract Map<String, @Nullable Object> own(Map<String, @Nullable Object> params);

  /** What a request is sent with, after it was judged. */
  abstract Map<String, @Nullable Object> sent(String method, Map<String, @Nullable Object> params);

  /**
   * Takes note of whose a request is that was judged.
   *
   * @return false if the conversation is another one's; then nothing is done
   */
  abstract boolean isOwner(Call call, String token, DelegationChain chain);

  /** Forgets whose a request is, which is over. */
  abstract void forget(Call call);

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
    return CallerAddress.here(host.later());
  }

  /**
   * Holds a place for a request until something is known; null if it was refused for want of one.
   */
  final <T> @Nullable CompletableFuture<T> held(Call call, CompletableFuture<T> known) {
    CompletableFuture<T> held = waiting.during(WaitingCalls.party(guard, call.request()), known);
    if (held == null) {
      call.answer(tooManyWait());
    }
    return held;
  }

  /** Goes on with a request when the server's tools are known, at once if they are. */
  final void whenKnown(
      Call call, CompletableFuture<ServerTools> known, Consumer<ServerTools> next) {
    if (known.isDone() && !known.isCompletedExceptionally()) {
      next.accept(known.join());
      return;
    }
    CompletableFuture<ServerTools> held = held(call, known);
    if (held != null) {
      var unused =
          held.thenAcceptAsync(next, later())
              .exceptionally(
                  e -> {
                    failed(call, e);
                    return null;
                  });
    }
  }

  /** Answers a request that cannot be handled; nobody else does, behind the thread that got it. */
  static void failed(Call call, Throwable e) {
    LOG.error("a request cannot be handled", e);
    call.answer(new RpcFault(RpcFault.Code.INTERNAL, "the request cannot be handled"));
  }

  /** Judges a request that is not open to everybody, and sends it on or refuses it. */
  final void judge(Call call) {
    long since = System.nanoTime();
    if (guard.isPinned(call.request().method(), call.request().params())) {
      whenKnown(call, tools.tools(), now -> judge(call, now, since));
    } else {
      judge(call, ServerTools.NONE, since);
    }
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
    if (!isAdmitted(call, judgement)) {
      return;
    }
    UnaryOperator<RpcMessage> finish = answer -> finished(method, answer, since);
    if (judgement instanceof McpJudgement.Refused refused) {
      refuse(call, refused);
    } else if (judgement instanceof McpJudgement.Called called) {
      Reservation taken = called.decision().reservation();
      if (call.isOpen() && call.forward(sent(method, called.params()), finish)) {
        taken.close();
      } else {
        taken.giveBack();
      }
    } else if (judgement instanceof McpJudgement.Listed listed) {
      McpShown shown = listed.shown(); // what waits keeps no parameters
      boolean unused =
          call.forward(
              sent(method, listed.params()),
              answer -> {
                RpcMessage clean = finish.apply(answer);
                return clean instanceof RpcMessage.Result result
                    ? new RpcMessage.Result(result.id(), shown.cut(method, result.result()))
                    : clean;
              });
    } else {
      Map<String, @Nullable Object> params = ((McpJudgement.Open) judgement).params();
      boolean unused = call.forward(sent(method, openParams(method, params)), finish);
    }
  }

  /** False if nothing is taken, which was answered: the request spends nothing then. */
  private boolean isAdmitted(Call call, McpJudgement judgement) {
    if (judgement instanceof McpJudgement.Refused) {
      return true;
    }
    String token = judgement.token();
    DelegationChain chain = judgement.chain();
    String party = chain == null ? WaitingCalls.STRANGERS : chain.party();
    RpcFault fault = null;
    int status = 200;
    if (token != null && chain != null && !isOwner(call, token, chain)) {
      fault =
          new RpcFault(
              RpcFault.Code.WRONG_SESSION, "the session is of another lineage, or has ended");
      status = 404; // a client that reads this begins a session of its own
    } else if (chain != null && !relay.known(party)) {
      fault = tooMany("the delegator has as many sessions here as it can");
    } else if (!waiting.take(party)) {
      fault = tooManyWait();
    }
    if (fault == null) {
      call.whenDone(
          () -> {
            waiting.leave(party);
            forget(call);
          });
      return true;
    }
    forget(call);
    judgement.giveBack();
    call.answer(fault.answer(call.request().id()), status);
    return false;
  }

  private static RpcFault tooManyWait() {
    return tooMany("too many requests of the delegator, or of all, wait for the server");
  }

  private static RpcFault tooMany(String why) {
    return new RpcFault(RpcFault.Code.TOO_MANY_REQUESTS, why);
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
    if (host.byStatus() && !refused.isAlwaysError() && call.outlet().refuse(refusal)) {
      boolean unused = call.finish();
      return;
    }
    String method = call.request().method();
    McpJudgement.Answer answer = refused.answer(method);
    Integer code = answer.errorCode();
    Object id = call.request().id();
    if (code != null) {
      call.answer(new Failure(id, code, answer.text(), answer.errorData()), 200);
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
        new Failure(call.request().id(), Failure.METHOD_NOT_FOUND, "Method not found"), 404);
  }

  /**
   * What a client reads of what a server says of itself: of its capabilities those that are
   * carried, and that credentials are wanted, and for which service.
   */
  final Map<String, @Nullable Object> described(
      String method, Map<String, @Nullable Object> result, Revision agreed) {
    Map<String, @Nullable Object> capabilities = RpcMessage.object(result, CAPABILITIES);
    capabilities.keySet().removeIf(name -> !agreed.hasServerCapability(name));
    capabilities.put(
        "experimental",
        Map.of(McpGuard.CAPABILITY, McpJson.read(guard.describe(), Integer.MAX_VALUE)));
    Map<String, @Nullable Object> described =
        new LinkedHashMap<>(KnownMembers.ofResult(method, result));
    described.put(CAPABILITIES, capabilities);
    return described;
  }

  /** What a server gets of a request that everybody may send. */
  Map<String, @Nullable Object> openParams(String method, Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> known = KnownMembers.ofParams(method, params);
    return known == null ? Map.of() : known;
  }

  /** An answer in which nobody but the guard refuses anything. */
  private static RpcMessage clean(RpcMessage answer) {
    if (answer instanceof RpcMessage.Result result) {
      return new RpcMessage.Result(result.id(), withoutOurs(result.result()));
    }
    Failure failure = (Failure) answer;
    return new Failure(
        failure.id(), failure.code(), failure.message(), McpMeta.withoutRefusal(failure.data()));
  }

  private static Map<String, @Nullable Object> withoutOurs(Map<String, @Nullable Object> given) {
    try {
      return McpMeta.withoutOurs(given);
    } catch (RefusedException e) {
      Map<String, @Nullable Object> rest = new LinkedHashMap<>(given);
      rest.remove(McpMeta.MEMBER);
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
    return rebuilt(notification);
  }

  private static RpcMessage.Notification rebuilt(RpcMessage.Notification notification) {
    return new RpcMessage.Notification(
        notification.method(), KnownMembers.ofParams(notification.method(), notification.params()));
  }

  @Override
  public RpcMessage answer(RpcMessage.Request asked, RpcMessage answer) {
    throw new IllegalStateException("nothing was asked");
  }

  @Override
  public RpcMessage serverRequest(RpcMessage.Request request) {
    return refusedToServer(request);
  }

  /** Tells a server that its request is not passed on, as if the client had no such method. */
  final RpcMessage refusedToServer(RpcMessage.Request request) {
    metrics.refused("server_request_dropped");
    return new Failure(request.id(), Failure.METHOD_NOT_FOUND, "the client takes no such request");
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
    return rebuilt(notification);
  }

  /** True if whoever owns something may have a notification or a request of the server now. */
  final boolean mayHave(RpcMessage message, SessionOwner owner) {
    boolean may =
        message instanceof RpcMessage.Notification told
            ? owner.mayHave(told.method(), told.params())
            : owner.isLive();
    if (!may) {
      metrics.refused(
          message instanceof RpcMessage.Request
              ? "server_request_dropped"
              : "server_notification_dropped");
    }
    return may;
  }

  final McpGuard guard() {
    return guard;
  }
}
