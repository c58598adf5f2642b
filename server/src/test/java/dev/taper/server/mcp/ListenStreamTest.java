package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taper.testing.TearDown;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The stream of a server's own messages, over connections that end as connections do. */
class ListenStreamTest {
  private final ManualTimer timer = new ManualTimer();
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private ScriptedServer server;
  private UrlUpstream upstream;
  private Link link;

  /** Runs nothing by itself. */
  private static final class ManualTimer implements RetryTimer {
    record Scheduled(Runnable task, Duration delay) {}

    final BlockingQueue<Scheduled> scheduled = new LinkedBlockingQueue<>();
    final AtomicLong now = new AtomicLong();
    volatile double random;

    @Override
    public void schedule(Runnable task, Duration delay) {
      scheduled.add(new Scheduled(task, delay));
    }

    @Override
    public long nanoTime() {
      return now.get();
    }

    @Override
    public double random() {
      return random;
    }

    Scheduled next() throws InterruptedException {
      return Objects.requireNonNull(
          scheduled.poll(60, TimeUnit.SECONDS), "nobody opens the stream again");
    }

    /** Runs what is due next, and says after how long it was to run. */
    Duration run() throws InterruptedException {
      Scheduled next = next();
      now.addAndGet(next.delay().toNanos());
      next.task().run();
      return next.delay();
    }
  }

  @BeforeEach
  void setUp() throws Exception {
    server = new ScriptedServer();
    upstream = new UrlUpstream(server.url(), Map::of, 1 << 16, null, timer);
    link = upstream.open(receiver(heard));
    log.start();
    ((Logger) LoggerFactory.getLogger(ListenStream.class)).addAppender(log);
  }

  @AfterEach
  void tearDown() throws Exception {
    ((Logger) LoggerFactory.getLogger(ListenStream.class)).detachAppender(log);
    TearDown.close(link, server);
  }

  static Link.Receiver receiver(BlockingQueue<Object> heard) {
    return new Link.Receiver() {
      @Override
      public void received(RpcMessage message, @Nullable Object about) {
        heard.add(
            message instanceof RpcMessage.Notification notification
                ? notification.method()
                : message);
      }

      @Override
      public void broken(RpcFault fault, @Nullable Object about) {
        heard.add(fault);
      }

      @Override
      public void ended(String reason) {
        heard.add("ended: " + reason);
      }
    };
  }

  private Object heard() throws InterruptedException {
    return Objects.requireNonNull(heard.poll(60, TimeUnit.SECONDS), "nothing is heard");
  }

  /** What the server says next: an exchange that a reset ended as well says nothing. */
  private Object said() throws InterruptedException {
    Object next = heard();
    return next instanceof RpcFault ? said() : next;
  }

  static void begin(Link link, BlockingQueue<Object> heard) throws Exception {
    link.send(new RpcMessage.Request(1L, "initialize", Map.of()), Map.of());
    assertThat(heard.poll(60, TimeUnit.SECONDS)).isInstanceOf(RpcMessage.Result.class);
    link.send(new RpcMessage.Notification("notifications/initialized", null), Map.of());
  }

  private void begin() throws Exception {
    begin(link, heard);
  }

  private static final String LIST_CHANGED = "notifications/resources/list_changed";

  @Test
  void stream_thatTheServerEnds_isOpenedAgainWhereItWas() throws Exception {
    server.next(
        ScriptedServer.ends("id: 7\nretry: 3000\n" + ScriptedServer.event(ScriptedServer.CHANGED)),
        ScriptedServer.ends(""),
        ScriptedServer.holds(ScriptedServer.event(ScriptedServer.CHANGED)));
    begin();
    assertThat(server.stream().field("Last-Event-ID")).isEmpty();
    assertThat(heard()).isEqualTo(LIST_CHANGED);
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(3));
    assertThat(server.stream().field("Last-Event-ID")).isEqualTo("7");
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(3));
    ScriptedServer.Asked third = server.stream();
    assertThat(third.field("Last-Event-ID")).isEqualTo("7");
    assertThat(third.field("Mcp-Session-Id")).isEqualTo("s1");
    assertThat(heard()).isEqualTo(LIST_CHANGED);
    assertThat(heard).isEmpty(); // nothing was missed, as the server knows where it was
    assertThat(upstream.reopenedStreams()).isEqualTo(2);
  }

  @Test
  void stream_thatIsReset_isOpenedAgain_andSaysSo() throws Exception {
    server.next(
        ScriptedServer.holds(ScriptedServer.event(ScriptedServer.CHANGED)),
        ScriptedServer.status(502),
        ScriptedServer.holds(ScriptedServer.event(ScriptedServer.CHANGED)));
    begin();
    assertThat(heard()).isEqualTo(LIST_CHANGED);
    server.resetAll();
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(1));
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(1));
    // What may have been said meanwhile of the lists that it announces, and what it says then.
    assertThat(List.of(said(), said(), said()))
        .containsExactly("notifications/tools/list_changed", LIST_CHANGED, LIST_CHANGED);
    assertThat(upstream.reopenedStreams()).isEqualTo(1);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .first()
        .asString()
        .contains("is not open", "broke", "again in 1000 ms");
  }

  @Test
  void stream_thatFailsAgainAndAgain_isOpenedSeldomer_andLogsNoFlood() throws Exception {
    for (int i = 0; i < 9; i++) {
      server.next(ScriptedServer.status(503));
    }
    server.next(
        ScriptedServer.ends(ScriptedServer.event(ScriptedServer.CHANGED)), ScriptedServer.ends(""));
    begin();
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
      assertThat(timer.run()).isEqualTo(Duration.ofSeconds(seconds));
    }
    assertThat(heard()).isEqualTo(LIST_CHANGED);
    ManualTimer.Scheduled again = timer.next();
    assertThat(again.delay()).isEqualTo(Duration.ofSeconds(1));
    timer.random = 0.999_999; // before it is opened: it may end at once
    again.task().run();
    assertThat(timer.next().delay()).isBetween(Duration.ofMillis(1450), Duration.ofMillis(1500));
    assertThat(log.list).hasSizeBetween(2, 7);
  }

  /** A stream that a proxy cut after a while did not fail. */
  @Test
  void stream_thatLasted_isOpenedAgainSoon() throws Exception {
    server.next(ScriptedServer.ends(""), ScriptedServer.status(503), ScriptedServer.status(503));
    begin();
    for (int seconds : new int[] {1, 2, 4}) {
      assertThat(timer.run()).isEqualTo(Duration.ofSeconds(seconds));
    }
    assertThat(List.of(heard(), heard())).contains(LIST_CHANGED); // the last one is open, and held
    timer.now.addAndGet(Duration.ofMinutes(1).toNanos());
    server.dropAll();
    assertThat(timer.next().delay()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void delay_thatTheServerAsksFor_isKeptWithinBounds() throws Exception {
    server.next(
        ScriptedServer.ends("retry: 0\n" + ScriptedServer.event(ScriptedServer.CHANGED)),
        ScriptedServer.ends("retry: 999999999\n" + ScriptedServer.event(ScriptedServer.CHANGED)));
    begin();
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(1));
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void stream_withWhatIsNoMessage_isOpenedAgainSeldomer() throws Exception {
    server.next(
        ScriptedServer.ends(ScriptedServer.event("nonsense")),
        ScriptedServer.ends(ScriptedServer.event("x".repeat(100_000))),
        ScriptedServer.ends(ScriptedServer.event("nonsense")));
    begin();
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(1));
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(2));
    assertThat(timer.run()).isEqualTo(Duration.ofSeconds(4));
  }

  @ParameterizedTest
  @ValueSource(ints = {405, 501})
  void server_thatHasNoStream_isNotAskedAgain(int status) throws Exception {
    server.next(ScriptedServer.status(status));
    begin();
    var unused = server.stream();
    link.send(new RpcMessage.Request(2L, "ping", Map.of()), Map.of());
    assertThat(heard()).isInstanceOf(RpcMessage.Result.class);
    assertThat(timer.scheduled.poll(1, TimeUnit.SECONDS)).isNull();
    assertThat(server.streams).isEmpty();
    assertThat(log.list).isEmpty();
  }

  @Test
  void session_thatTheServerForgot_ends() throws Exception {
    server.next(ScriptedServer.ends(""), ScriptedServer.status(404));
    begin();
    var unused = timer.run();
    assertThat(heard()).isEqualTo("ended: the server has forgotten the session");
    assertThat(timer.scheduled).isEmpty();
  }

  @Test
  void link_thatIsClosed_opensNothingAgain() throws Exception {
    server.next(ScriptedServer.ends(""));
    begin();
    var unused = server.stream();
    ManualTimer.Scheduled next = timer.next();
    link.close();
    next.task().run();
    assertThat(server.streams).isEmpty();
    assertThat(timer.scheduled).isEmpty();
  }
}
