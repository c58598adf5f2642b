package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A relay between clients and a server that are both the test. */
class RelayTest {
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final List<RpcMessage> sent = new ArrayList<>();
  private final List<Object> cancelled = new ArrayList<>();
  private final Sink client = new Sink();
  private Link.@Nullable Receiver server;
  private UnaryOperator<RpcMessage> making = answer -> answer;
  private Runnable look = () -> {};
  private boolean closed;

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  private static final class Sink implements Outlet.Client {
    private final List<RpcMessage> got = new ArrayList<>();
    private Consumer<String> then = step -> {};
    private @Nullable String ended;

    @Override
    public boolean send(RpcMessage message, int status) {
      then.accept("send");
      return got.add(message);
    }

    @Override
    public void end(String reason) {
      then.accept("end");
      ended = reason;
    }

    @Override
    public void told() {
      then.accept("told");
    }
  }

  /** Lets everything through. */
  private final class Everything implements RelayRules {
    @Override
    public void request(Call call) {
      call.vouch();
      boolean unused = call.forward(call.request().params(), making);
    }

    @Override
    public RpcMessage.@Nullable Notification notification(RpcMessage.Notification notification) {
      return notification;
    }

    @Override
    public RpcMessage answer(RpcMessage.Request asked, RpcMessage answer) {
      return answer;
    }

    @Override
    public RpcMessage serverRequest(RpcMessage.Request request) {
      return request;
    }

    @Override
    public boolean mayHave(RpcMessage message, @Nullable Call call) {
      return true;
    }

    @Override
    public boolean isOwned() {
      return false;
    }

    @Override
    public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
      return null;
    }

    @Override
    public void look() {}

    @Override
    public RpcMessage.@Nullable Notification serverNotification(
        RpcMessage.Notification notification) {
      return notification;
    }

    @Override
    public Map<String, String> fields(RpcMessage message) {
      return Map.of();
    }
  }

  private Relay relay(boolean isShared, int maxRequests) throws RpcFault {
    return relay(isShared, maxRequests, timers);
  }

  private Relay relay(boolean isShared, int maxRequests, ScheduledExecutorService timers)
      throws RpcFault {
    Upstream upstream =
        new Upstream() {
          @Override
          public Link open(Link.Receiver receiver) {
            server = receiver;
            return link();
          }

          @Override
          public boolean isWell() {
            return true;
          }

          @Override
          public void close() {}
        };
    return Relay.open(
        client,
        new Relay.Bounds(Duration.ofSeconds(30), maxRequests, isShared),
        upstream,
        timers,
        relay -> new Everything());
  }

  private Link link() {
    return new Link() {
      @Override
      public void send(RpcMessage message, Map<String, String> fields) {
        sent.add(message);
      }

      @Override
      public void cancel(Object id) {
        cancelled.add(id);
      }

      @Override
      public void look() {
        look.run();
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  private void fromServer(RpcMessage message) {
    Objects.requireNonNull(server).received(message, null);
  }

  private static RpcMessage.Request ask(Object id) {
    return new RpcMessage.Request(id, "tools/call", Map.of());
  }

  @Test
  void ids_areTheRelaysOwn_andEachAnswerGoesWhereItWasAsked() throws Exception {
    Relay relay = relay(true, 10);
    Sink one = new Sink();
    Sink two = new Sink();
    relay.received(ask(1L), one);
    relay.received(ask(1L), two);
    assertThat(sent).extracting(m -> ((RpcMessage.Request) m).id()).containsExactly(1L, 2L);
    fromServer(new RpcMessage.Result(2L, Map.of("for", "two")));
    fromServer(new RpcMessage.Result(2L, Map.of("again", "two")));
    fromServer(new RpcMessage.Result(77L, Map.of()));
    fromServer(new RpcMessage.Result(1L, Map.of("for", "one")));
    assertThat(one.got).containsExactly(new RpcMessage.Result(1L, Map.of("for", "one")));
    assertThat(two.got).containsExactly(new RpcMessage.Result(1L, Map.of("for", "two")));
    assertThat(client.got).isEmpty();
  }

  @Test
  void sharedRelay_givesNobodyWhatIsNotSaidToBeTheirs() throws Exception {
    Relay relay = relay(true, 10);
    Sink one = new Sink();
    relay.received(ask(1L), one);
    fromServer(new RpcMessage.Notification("notifications/message", Map.of()));
    fromServer(new RpcMessage.Request("q", "roots/list", null));
    assertThat(one.got).isEmpty();
    assertThat(client.got).isEmpty();
    assertThat(sent.get(1)).isInstanceOf(RpcMessage.Failure.class);
    // Nor can one cancel what another asked.
    relay.received(
        new RpcMessage.Notification("notifications/cancelled", Map.of("requestId", 1)), new Sink());
    assertThat(cancelled).isEmpty();
    relay.gone(1L, new Sink());
    assertThat(cancelled).isEmpty();
    relay.gone(1L, one);
    assertThat(cancelled).containsExactly(1L);
  }

  @Test
  void clientThatIsGone_cancelsNothing_whereItMayComeBack() throws Exception {
    Relay relay = relay(false, 10);
    relay.received(ask(1L), client);
    relay.gone(1L, client);
    assertThat(cancelled).isEmpty();
  }

  @Test
  void requests_areBounded() throws Exception {
    Relay relay = relay(false, 2);
    for (long id = 1; id <= 3; id++) {
      relay.received(ask(id), client);
    }
    assertThat(sent).hasSize(2);
    assertThat(String.valueOf(client.got.get(0))).contains("too_many_requests");
    fromServer(new RpcMessage.Result(1L, Map.of()));
    relay.received(ask(4L), client);
    assertThat(sent).hasSize(3);
  }

  @Test
  void serverThatEnds_isToldToWhoWaits_once() throws Exception {
    Relay relay = relay(false, 10);
    relay.received(ask("a"), client);
    Objects.requireNonNull(server).ended("it ended");
    assertThat(client.got).hasSize(1);
    assertThat(String.valueOf(client.got.get(0))).contains("upstream_ended", "a");
    assertThat(client.ended).isEqualTo("it ended");
    assertThat(closed).isTrue();
    relay.received(ask("b"), client);
    assertThat(String.valueOf(client.got.get(1))).contains("upstream_unavailable");
    assertThat(relay.isOpen()).isFalse();
  }

  @Test
  void serverThatEnds_isForgotten_beforeWhoWaitsIsTold() throws Exception {
    List<String> order = new ArrayList<>();
    client.then = order::add;
    Relay relay = relay(false, 10);
    Sink waiting = new Sink();
    waiting.then = order::add;
    relay.received(ask(1L), waiting);
    Objects.requireNonNull(server).ended("it died");
    assertThat(order).containsExactly("end", "send", "told");
  }

  /** Whatever happens to one of those who wait, the others are told. */
  @Test
  void serverThatEnds_whileAClientFails_isToldToAllWhoWait() throws Exception {
    Relay relay = relay(false, 10);
    client.then = step -> fail(step);
    Sink first = new Sink();
    Sink second = new Sink();
    relay.received(ask(1L), first);
    relay.received(ask(2L), second);
    first.then =
        step -> {
          throw new IllegalStateException("of a test");
        };
    assertThatThrownBy(() -> Objects.requireNonNull(server).ended("it died"))
        .hasMessage("a failed client");
    assertThat(second.got).singleElement().isInstanceOf(RpcMessage.Failure.class);
    assertThat(closed).isTrue();
  }

  private static void fail(String step) {
    if (!step.equals("told")) {
      throw new IllegalStateException("a failed client");
    }
  }

  /** A server may end in the moment in which it is there. */
  @Test
  void serverThatEndsAtOnce_isSaid() throws Exception {
    Thread ending =
        new Thread(() -> Objects.requireNonNull(server).ended("it died"), "a server that ends");
    ScheduledExecutorService slow =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public ScheduledFuture<?> scheduleWithFixedDelay(
              Runnable work, long first, long then, TimeUnit unit) {
            ending.start();
            try {
              ending.join(100); // if it could end by now, it would have
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return super.scheduleWithFixedDelay(work, first, then, unit);
          }
        };
    try {
      Relay relay = relay(false, 10, slow);
      ending.join();
      assertThat(client.ended).isEqualTo("it died");
      assertThat(relay.isOpen()).isFalse();
      assertThat(closed).isTrue();
    } finally {
      slow.shutdownNow();
    }
  }

  @Test
  void serversQuestion_getsItsAnswerBack_andCanBeTakenBack() throws Exception {
    Relay relay = relay(false, 10);
    fromServer(new RpcMessage.Request(5L, "roots/list", null));
    RpcMessage.Request asked = (RpcMessage.Request) client.got.get(0);
    relay.received(new RpcMessage.Result("made up", Map.of()), client);
    assertThat(sent).isEmpty();
    relay.received(new RpcMessage.Result(asked.id(), Map.of("roots", List.of())), client);
    assertThat(sent).containsExactly(new RpcMessage.Result(5L, Map.of("roots", List.of())));
    fromServer(new RpcMessage.Request(6L, "roots/list", null));
    Object second = ((RpcMessage.Request) client.got.get(1)).id();
    fromServer(new RpcMessage.Notification("notifications/cancelled", Map.of("requestId", 6)));
    assertThat(client.got.get(2))
        .isEqualTo(
            new RpcMessage.Notification("notifications/cancelled", Map.of("requestId", second)));
    relay.received(new RpcMessage.Result(second, Map.of()), client);
    assertThat(sent).hasSize(1);
  }

  /** Memory that others took leaves nobody waiting for ever. */
  @Test
  void answerThatCannotBeMade_isSaid() throws Exception {
    making =
        answer -> {
          throw new Error("of a test");
        };
    Relay relay = relay(false, 10);
    relay.received(ask(1L), client);
    fromServer(new RpcMessage.Result(1L, Map.of()));
    assertThat(client.got).singleElement().isInstanceOf(RpcMessage.Failure.class);
    assertThat(relay.owesAnswers()).isFalse();
  }

  @Test
  void answerThatCannotBeWritten_isSaid() throws Exception {
    Relay relay = relay(false, 10);
    Sink asking = new Sink();
    asking.then =
        step -> {
          asking.then = later -> {};
          throw new Error("of a test");
        };
    relay.received(ask(1L), asking);
    fromServer(new RpcMessage.Result(1L, Map.of()));
    assertThat(asking.got).singleElement().isInstanceOf(RpcMessage.Failure.class);
  }

  @Test
  void look_thatFails_isNotTheLast() throws Exception {
    List<Runnable> looks = new ArrayList<>();
    ScheduledExecutorService kept =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public ScheduledFuture<?> scheduleWithFixedDelay(
              Runnable work, long first, long then, TimeUnit unit) {
            looks.add(work);
            return super.scheduleWithFixedDelay(work, 1, 1, TimeUnit.HOURS);
          }
        };
    look =
        () -> {
          throw new Error("of a test");
        };
    try {
      Relay relay = relay(false, 10, kept);
      looks.get(0).run(); // what throws is never run again
      assertThat(relay.isOpen()).isTrue();
    } finally {
      kept.shutdownNow();
    }
  }

  /** Such as where no thread can be started that looks; nobody else could close its link. */
  @Test
  void relay_thatCannotBegin_leavesNoLink() {
    timers.shutdownNow();
    assertThatThrownBy(() -> relay(false, 10)).isInstanceOf(RejectedExecutionException.class);
    assertThat(closed).isTrue();
    Objects.requireNonNull(server).ended("it was closed"); // its thread must not wait for ever
    assertThat(client.ended).isNull();
  }
}
