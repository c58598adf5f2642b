package dev.taper.server.mcp;

import dev.taper.TaperException;
import dev.taper.server.mcp.RpcFault.Code;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's request until it is answered, which happens once. Thread-safe. */
public final class Call {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  private final Relay relay;
  private final Object key;
  private volatile RpcMessage.Request request;
  private final Outlet outlet;
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicReference<@Nullable Runnable> afterwards = new AtomicReference<>();
  private volatile @Nullable Pending sent;
  private volatile boolean vouched;

  Call(Relay relay, Object key, RpcMessage.Request request, Outlet outlet) {
    this.relay = relay;
    this.key = key;
    this.request = request;
    this.outlet = outlet;
  }

  /** The request as it came; once it was sent on, without its parameters. */
  public RpcMessage.Request request() {
    return request;
  }

  /** Where it is answered. */
  public Outlet outlet() {
    return outlet;
  }

  /** Says that whoever sent it may have what the server sends of its own meanwhile. */
  public void vouch() {
    vouched = true;
  }

  boolean isVouched() {
    return vouched;
  }

  /** True until it is answered, or nobody waits any more. */
  public boolean isOpen() {
    return !done.get();
  }

  /** False for a request that is answered only when nobody listens any more. */
  public boolean hasEnd() {
    return !request.method().equals(Pending.LISTEN);
  }

  Object key() {
    return key;
  }

  /** What the server has of it; null if nothing was sent. */
  @Nullable Pending sent() {
    return sent;
  }

  /** Answers with a result. */
  public void answer(Map<String, @Nullable Object> result) {
    answer(new RpcMessage.Result(request.id(), result), 200);
  }

  /** Answers with a fault. */
  public void answer(RpcFault fault) {
    answer(fault.answer(request.id()), 200);
  }

  /**
   * Answers; only the first time, and with the request's own id.
   *
   * @param status over HTTP; others ignore it
   */
  public void answer(RpcMessage answer, int status) {
    relay.answering(() -> send(answer, status));
  }

  private void send(RpcMessage answer, int status) {
    if (!finish()) {
      return;
    }
    try {
      if (!outlet.send(answer.withId(request.id()), status)) {
        LOG.debug("nobody takes the answer");
      }
    } catch (TaperException e) {
      sendInstead(new RpcFault(Code.UPSTREAM_INVALID, "the answer has no form as JSON"));
    } catch (RuntimeException | Error e) { // nobody else answers any more
      LOG.error("an answer cannot be written", e);
      sendInstead(new RpcFault(Code.INTERNAL, "the answer cannot be handed on"));
    }
  }

  private void sendInstead(RpcFault fault) {
    boolean unused = outlet.send(fault.answer(request.id()));
  }

  /** Takes the request as answered; false if it was. */
  public boolean finish() {
    relay.forget(this);
    boolean isFirst = done.compareAndSet(false, true);
    end();
    return isFirst;
  }

  /** Does something once it is answered, or nobody waits any more. */
  public void whenDone(Runnable work) {
    afterwards.set(work);
    if (done.get()) { // meanwhile
      end();
    }
  }

  private void end() {
    Runnable work = afterwards.getAndSet(null);
    if (work != null) {
      work.run();
    }
  }

  /**
   * Sends the request to the server. Whatever becomes of it, the client gets an answer.
   *
   * @param params as they are to be sent
   * @param answer makes of the server's answer the one that the client gets
   * @return false if it was certainly not sent
   */
  public boolean forward(
      @Nullable Map<String, @Nullable Object> params, UnaryOperator<RpcMessage> answer) {
    Pending one =
        relay.pending(
            request.method(),
            this,
            message -> answer(transformed(message, answer), 200),
            this::answer);
    sent = one;
    // What waits for the server keeps nothing that takes many times the bytes that came.
    request = new RpcMessage.Request(request.id(), request.method(), null);
    return one.send(params);
  }

  private static RpcMessage transformed(RpcMessage message, UnaryOperator<RpcMessage> answer) {
    try {
      return answer.apply(message);
    } catch (RuntimeException | Error e) { // nobody else answers any more
      LOG.error("an answer cannot be made", e);
      return new RpcFault(Code.INTERNAL, "the answer cannot be handed on").answer(0L);
    }
  }
}
