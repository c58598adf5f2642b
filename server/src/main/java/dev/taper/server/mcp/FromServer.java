package dev.taper.server.mcp;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Where a relay gets what the server sends. Thread-safe. */
final class FromServer implements Link.Receiver {
  private static final FailureLog FAILURES =
      FailureLog.of(FromServer.class, "handing on what the server sent", Clock.systemUTC());

  private static final String SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
  private static final String PROGRESS = "notifications/progress";
  private static final int MAX_REQUESTS = 64;

  /**
   * What a client was asked.
   *
   * @param id the server's own
   * @param request as it was passed on
   */
  private record Asked(Object id, RpcMessage.Request request) {}

  private final Relay relay;
  private final RelayRules rules;
  private final Map<String, Asked> requests = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final CountDownLatch begun = new CountDownLatch(1);

  FromServer(Relay relay, RelayRules rules) {
    this.relay = relay;
    this.rules = rules;
  }

  /** The relay is made; what came before waits until then. */
  void begin() {
    begun.countDown();
  }

  private void awaitBegin() {
    try {
      begun.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** True while a client has a question of the server. */
  boolean isAsking() {
    return !requests.isEmpty();
  }

  @Override
  public void received(RpcMessage message, @Nullable Object about) {
    awaitBegin();
    if (message.isAnswer()) {
      Pending one = relay.pending(message.answers());
      if (one != null && relay.remove(one)) {
        one.answered(message);
      } else {
        dropped("an answer to nothing that was asked, or a second one");
      }
    } else if (message instanceof RpcMessage.Request request) {
      request(request, relay.pending(about));
    } else {
      notification((RpcMessage.Notification) message, relay.pending(about));
    }
  }

  private void request(RpcMessage.Request request, @Nullable Pending about) {
    RpcMessage judged = rules.serverRequest(request);
    if (!(judged instanceof RpcMessage.Request passed)) {
      relay.tell(judged.withId(request.id()));
      return;
    }
    String id = "taper-" + ids.incrementAndGet();
    if (requests.size() >= MAX_REQUESTS) {
      refuse(request, "too many requests wait for their answers");
      return;
    }
    RpcMessage.Request asked = new RpcMessage.Request(id, passed.method(), passed.params());
    requests.put(id, new Asked(request.id(), asked));
    relay.allHeard();
    if (!send(about, asked)) {
      requests.remove(id);
      refuse(request, "no client takes requests just now");
    }
  }

  private void refuse(RpcMessage.Request request, String message) {
    relay.tell(new Failure(request.id(), Failure.INTERNAL, message));
  }

  /** A client's answer, on its way back: to the request that was passed on, once. */
  void answered(RpcMessage answer) {
    Asked asked = answer.answers() instanceof String text ? requests.remove(text) : null;
    if (asked != null) {
      relay.tell(rules.answer(asked.request(), answer).withId(asked.id()));
    }
    relay.allHeard();
  }

  private void notification(RpcMessage.Notification notification, @Nullable Pending about) {
    RpcMessage.Notification judged = rules.serverNotification(notification);
    if (judged == null) {
      return;
    }
    Map<String, @Nullable Object> params =
        judged.params() == null ? new LinkedHashMap<>() : new LinkedHashMap<>(judged.params());
    Pending to = about;
    switch (judged.method()) {
      case PROGRESS -> {
        to = relay.pending(params.get(Pending.PROGRESS_TOKEN));
        Object token = to == null ? null : to.token();
        if (to == null || token == null) {
          return; // nobody waits for it any more
        }
        to.heard();
        params.put(Pending.PROGRESS_TOKEN, token);
      }
      case RpcMessage.Notification.CANCELLED -> {
        to = cancelled(params, about);
        if (!params.containsKey(RpcMessage.Notification.REQUEST_ID)) {
          return;
        }
      }
      default -> {
        Map<String, @Nullable Object> meta = RpcMessage.object(params, McpMeta.MEMBER);
        Pending listen = relay.pending(meta.get(SUBSCRIPTION));
        Call call = listen == null ? null : listen.call();
        if (call != null) {
          to = listen;
          meta.put(SUBSCRIPTION, call.request().id());
          params.put(McpMeta.MEMBER, meta);
        }
      }
    }
    RpcMessage.Notification told =
        new RpcMessage.Notification(judged.method(), params.isEmpty() ? null : params);
    if (rules.mayHave(told, to == null ? null : to.call())) {
      boolean unused = send(to, told);
    }
  }

  /** A server takes back a question of its own, or ends a subscription. */
  private @Nullable Pending cancelled(
      Map<String, @Nullable Object> params, @Nullable Pending about) {
    Object id = RpcMessage.id(params.remove(RpcMessage.Notification.REQUEST_ID));
    for (Map.Entry<String, Asked> asked : requests.entrySet()) {
      if (asked.getValue().id().equals(id)) {
        requests.remove(asked.getKey());
        params.put(RpcMessage.Notification.REQUEST_ID, asked.getKey());
        return about;
      }
    }
    Pending listen = relay.pending(id);
    Call call = listen == null ? null : listen.call();
    if (call != null) {
      params.put(RpcMessage.Notification.REQUEST_ID, call.request().id());
    }
    return listen;
  }

  /**
   * Sends to the client where a message belongs, or anywhere if the client is alone; never to where
   * a request came from that anybody may have sent.
   */
  private boolean send(@Nullable Pending about, RpcMessage message) {
    Pending known = about == null && !relay.isShared() ? relay.only() : about;
    Call call = known == null ? null : known.call();
    try {
      if (call != null && call.isOpen() && call.isVouched() && call.outlet().send(message)) {
        return true;
      }
      return !relay.isShared() && relay.client().send(message);
    } catch (TaperException e) {
      dropped("a message that has no form as JSON");
      return false;
    }
  }

  @Override
  public void broken(RpcFault fault, @Nullable Object about) {
    Pending one = relay.pending(about);
    boolean isAboutServer = fault.code().name().startsWith("UPSTREAM_");
    RpcFault told =
        isAboutServer
            ? fault
            : new RpcFault(Code.UPSTREAM_INVALID, "of the server's answer: " + fault.detail());
    FAILURES.failed(fault);
    if (one != null) {
      one.fail(told);
    } else if (about == null && fault.code() == Code.MESSAGE_TOO_LONG) {
      relay.failAll(told); // one of these was answered by it, and nobody knows which
    }
  }

  /** Logs what is dropped, with a text of ours alone: nothing of what the server sent. */
  private static void dropped(String what) {
    FAILURES.failed(new RpcFault(Code.UPSTREAM_INVALID, what));
  }

  @Override
  public void ended(String reason) {
    awaitBegin();
    relay.end(reason);
  }
}
