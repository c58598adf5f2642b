package dev.taper.server.mcp;

import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.mcp.RpcFault.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages on between one conversation and one link, by somebody's rules. Requests get ids
 * and progress tokens of its own on their way, so that no client's can be taken for another's; each
 * is answered once: by the server, or with a fault when the server ends or takes too long.
 * Thread-safe.
 */
public final class Relay implements Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final FailureLog FAILURES =
      FailureLog.of(Relay.class, "looking after a server", Clock.systemUTC());

  /** With a question to a person open, a server may be silent this much longer. */
  private static final int PATIENCE = 10;

  /**
   * The bounds of a relay.
   *
   * @param timeout how long a server may be silent about a request
   * @param maxRequests the most requests that are not answered yet
   * @param isShared whether several clients share it; then a server's message goes only where it
   *     says that it belongs
   */
  public record Bounds(Duration timeout, int maxRequests, boolean isShared) {}

  private record Key(Outlet outlet, Object id) {}

  private final Outlet.Client client;
  private final Bounds bounds;
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final Map<Object, Call> calls = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicInteger answering = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final RelayRules rules;
  private final FromServer fromServer;
  private final Link link;
  private final RepeatedTask looking;
  private volatile Runnable afterwards = () -> {};

  private Relay(
      Outlet.Client client,
      Bounds bounds,
      Upstream upstream,
      ScheduledExecutorService timers,
      Function<Relay, RelayRules> rules)
      throws RpcFault {
    this.client = client;
    this.bounds = bounds;
    this.rules = rules.apply(this);
    this.fromServer = new FromServer(this, this.rules);
    this.link = upstream.open(fromServer);
    try {
      this.looking = RepeatedTask.startLater(timers, LOOK, FAILURES, this::look);
    } catch (RuntimeException e) { // nobody else has the link
      over.set(true);
      fromServer.begin();
      link.close();
      throw e;
    }
    fromServer.begin(); // last: its server may have ended already
  }

  /**
   * Opens a link, and relays from then on.
   *
   * @param timers looks after requests that take too long
   * @param rules makes the rules of this relay, before anything is asked of it
   * @throws RpcFault {@code upstream_unavailable}
   */
  public static Relay open(
      Outlet.Client client,
      Bounds bounds,
      Upstream upstream,
      ScheduledExecutorService timers,
      Function<Relay, RelayRules> rules)
      throws RpcFault {
    return new Relay(client, bounds, upstream, timers, rules);
  }

  /** Asks the server something of one's own; fails with a {@link RpcFault}. */
  public CompletableFuture<RpcMessage> ask(
      String method, @Nullable Map<String, @Nullable Object> params) {
    CompletableFuture<RpcMessage> answer = new CompletableFuture<>();
    boolean unused =
        pending(method, null, answer::complete, answer::completeExceptionally).send(params);
    return answer;
  }

  /** Tells the server something; nobody learns whether it arrived. */
  public void tell(RpcMessage message) {
    try {
      link.send(message, rules.fields(message));
    } catch (RpcFault | TaperException e) {
      LOG.debug("the server was not told", e);
    }
  }

  /** True until the server has ended, or the client. */
  public boolean isOpen() {
    return !over.get();
  }

  /**
   * Says that the client showed who it is.
   *
   * @param delegator whose authority it has
   * @return false if it may not go on, because that delegator has all its room already
   */
  public boolean known(String delegator) {
    return client.known(delegator);
  }

  Outlet.Client client() {
    return client;
  }

  boolean isShared() {
    return bounds.isShared();
  }

  Pending pending(
      String method, @Nullable Call call, Consumer<RpcMessage> answer, Consumer<RpcFault> fault) {
    return new Pending(this, ids.incrementAndGet(), method, call, answer, fault);
  }

  @Nullable Pending pending(@Nullable Object id) {
    return RpcMessage.id(id) instanceof Long number ? pending.get(number) : null;
  }

  /** The one request that a server may be working at; null if there are none or several. */
  @Nullable Pending only() {
    Pending found = null;
    for (Pending one : pending.values()) {
      if (found != null) {
        return null;
      }
      found = one;
    }
    return found;
  }

  void send(Pending one, RpcMessage.Request request) throws RpcFault {
    pending.put(one.id(), one);
    if (over.get()) {
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server has ended");
    }
    link.send(request, rules.fields(request));
  }

  boolean remove(Pending one) {
    return pending.remove(one.id(), one);
  }

  void forget(Call call) {
    calls.remove(call.key(), call);
  }

  /**
   * Answers a call: it is forgotten before its answer is written, so that its id is free by then,
   * and is owed until the answer was.
   */
  void answering(Runnable answer) {
    answering.incrementAndGet();
    try {
      answer.run();
    } finally {
      answering.decrementAndGet();
    }
  }

  @Override
  public boolean owesAnswers() {
    return calls.values().stream().anyMatch(Call::hasEnd) || answering.get() > 0;
  }

  void allHeard() {
    pending.values().forEach(Pending::heard);
  }

  @Override
  public void received(RpcMessage message, Outlet outlet) {
    if (message instanceof RpcMessage.Request request) {
      request(request, outlet);
    } else if (message instanceof RpcMessage.Notification notification) {
      notification(notification);
    } else {
      fromServer.answered(message);
    }
  }

  @Override
  public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
    return rules.refusal(request, content);
  }

  @Override
  public boolean isOwned() {
    return rules.isOwned();
  }

  @Override
  public boolean mayHave(RpcMessage kept) {
    return rules.mayHave(kept, null);
  }

  @Override
  public boolean isUsed() {
    return calls.values().stream().anyMatch(Call::isVouched);
  }

  private Object key(Object id, Outlet outlet) {
    return bounds.isShared() ? new Key(outlet, id) : id;
  }

  private void request(RpcMessage.Request request, Outlet outlet) {
    Call call = new Call(this, key(request.id(), outlet), request, outlet);
    if (calls.putIfAbsent(call.key(), call) != null) {
      boolean unused =
          outlet.send(
              new RpcFault(Code.DUPLICATE_ID, "a request with this id has not been answered yet")
                  .answer(request.id()));
      return;
    }
    if (calls.size() > bounds.maxRequests()) {
      call.answer(
          new RpcFault(
              Code.TOO_MANY_REQUESTS,
              "at most " + bounds.maxRequests() + " requests may wait for their answers"));
      return;
    }
    try {
      rules.request(call);
    } catch (RuntimeException | Error e) { // or it would wait, and have its place, for ever
      LOG.error("a request cannot be handled", e);
      call.answer(new RpcFault(Code.INTERNAL, "the request cannot be handled"));
    }
  }

  private void notification(RpcMessage.Notification notification) {
    if (notification.method().equals(RpcMessage.Notification.CANCELLED)) {
      Map<String, @Nullable Object> params = notification.params();
      Object id =
          params == null ? null : RpcMessage.id(params.get(RpcMessage.Notification.REQUEST_ID));
      Call call = id == null || bounds.isShared() ? null : calls.get(id);
      if (call != null) {
        cancel(call);
      }
      return;
    }
    RpcMessage.Notification judged = rules.notification(notification);
    if (judged != null) {
      tell(judged);
    }
  }

  private void cancel(Call call) {
    if (!call.finish()) {
      return;
    }
    takeBack(call);
  }

  /** Tells the server that nobody waits for a call any more. */
  private void takeBack(Call call) {
    Pending sent = call.sent();
    if (sent != null && remove(sent)) {
      link.cancel(sent.id());
    }
  }

  @Override
  public void gone(Object requestId, Outlet outlet) {
    Call call = calls.get(key(requestId, outlet));
    if (call != null && call.outlet() == outlet && bounds.isShared()) {
      cancel(call);
    }
  }

  private void look() {
    link.look();
    rules.look();
    long limit = bounds.timeout().toNanos() * (fromServer.isAsking() ? PATIENCE : 1);
    for (Pending one : List.copyOf(pending.values())) {
      if (one.isLate(limit)) {
        one.fail(
            new RpcFault(
                Code.UPSTREAM_TIMEOUT,
                "the server has not answered for " + bounds.timeout().toSeconds() + " s"));
        link.cancel(one.id());
      }
    }
  }

  /**
   * Answers a request in place of the server, which is told that nobody waits for it any more.
   *
   * @param answer of whatever id
   */
  public void withdraw(Call call, RpcMessage answer) {
    call.answer(answer, 200);
    takeBack(call);
  }

  /** Ends the conversation for its rules; its client sees to that, and does not wait for it. */
  public void expire(String reason) {
    client.expire(reason);
  }

  /** The server is gone: whoever waits is told. */
  void end(String reason) {
    if (over.compareAndSet(false, true)) {
      looking.finish();
      try {
        client.end(reason);
      } finally {
        failAll(new RpcFault(Code.UPSTREAM_ENDED, reason));
        client.told();
        link.close();
      }
    }
  }

  /** What was sent and not answered may have been handled; nobody knows. */
  void failAll(RpcFault fault) {
    for (Pending one : List.copyOf(pending.values())) {
      try {
        one.fail(fault);
      } catch (RuntimeException e) { // the others wait, too
        LOG.error("somebody who waits cannot be told", e);
      }
    }
  }

  /** Does something when the client is gone. Called once, before anything is received. */
  public void whenClosed(Runnable work) {
    afterwards = work;
  }

  @Override
  public void close() {
    afterwards.run();
    boolean isFirst = over.compareAndSet(false, true);
    looking.finish();
    link.close();
    if (isFirst) {
      failAll(new RpcFault(Code.UPSTREAM_ENDED, "the service stops"));
    }
  }
}
