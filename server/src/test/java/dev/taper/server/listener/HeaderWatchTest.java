package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.process.Metrics;
import dev.taper.testing.Await;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeaderWatchTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  /** More than sockets hold that nobody reads. */
  private static final int LARGE = 32 * 1024 * 1024;

  /** Counts what it keeps, and does the last of it when it is told to. */
  private static final class Counting extends AbstractLifeCycle implements Scheduler {
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicReference<Runnable> last = new AtomicReference<>();

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit units) {
      kept.incrementAndGet();
      last.set(task);
      return () -> kept.decrementAndGet() >= 0;
    }

    void run() {
      last.get().run();
    }
  }

  /** Answers with as many bytes as it is told. */
  private static final class Bytes extends Handler.Abstract.NonBlocking {
    private final int length;
    private final AtomicInteger requests = new AtomicInteger();

    Bytes(int length) {
      this.length = length;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      requests.incrementAndGet();
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
      response.write(true, ByteBuffer.allocate(length), callback);
      return true;
    }
  }

  /** A server whose connections are looked at when a test says so. */
  private static final class Looked implements AutoCloseable {
    private final Counting looks = new Counting();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HeaderWatch watch;

    Looked(Handler handler) throws Exception {
      this(handler, Duration.ofHours(1));
    }

    Looked(Handler handler, Duration longest) throws Exception {
      this(handler, longest, Duration.ofHours(1), 1);
    }

    Looked(Handler handler, Duration spare, int slowest) throws Exception {
      this(handler, Duration.ofHours(1), spare, slowest);
    }

    private Looked(Handler handler, Duration longest, Duration spare, int slowest)
        throws Exception {
      watch = new HeaderWatch(looks, longest, spare, slowest);
      connector.addBean(watch);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      server.setHandler(watch.around(handler));
      server.start();
    }

    Socket connect() throws IOException {
      return new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    }

    Connection connection() {
      return connector.getConnectedEndPoints().iterator().next().getConnection();
    }

    /** Asks for a byte, and waits until the server waits for the next header. */
    void getByte(Socket socket) throws Exception {
      get(socket, 1);
      Await.until(() -> connection().getEndPoint().isFillInterested());
    }

    /** Sends a part of a header, and waits until it was received. */
    void send(Socket socket, String part) throws Exception {
      long wanted = connection().getBytesIn() + part.length();
      socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
      Await.until(() -> connection().getBytesIn() == wanted);
    }

    /** Looks some times, at least as long apart as nothing may come. */
    void rest() throws InterruptedException {
      for (int i = 0; i < 4; i++) {
        looks.run();
        Thread.sleep(5);
      }
    }

    @Override
    public void close() {
      LifeCycle.stop(server);
    }
  }

  private static void get(Socket socket, int length) throws IOException {
    socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
    assertOk(socket);
    assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
  }

  /** Reads the header of an answer. */
  private static void assertOk(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      assertThat(c).as("after %s", head).isNotNegative();
      head.append((char) c);
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 200 OK");
  }

  /** Very many connections can be opened and closed before the first look at one of them. */
  @Test
  void connection_closed_isNotKeptUntilTheNextLook() {
    Counting scheduler = new Counting();
    HeaderWatch watch = new HeaderWatch(scheduler, Duration.ofSeconds(10));
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class, ConnectionMetaData.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "hashCode" -> 1;
                      case "equals" -> arguments != null && proxy == arguments[0];
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    watch.onOpened(connection);
    assertThat(scheduler.kept).hasValue(1);
    watch.onClosed(connection);
    assertThat(scheduler.kept).hasValue(0);
  }

  @Test
  void header_thatStandsAcrossALook_isTaken() throws Exception {
    try (Looked looked = new Looked(new Bytes(1));
        Socket socket = looked.connect()) {
      for (int i = 0; i < 3; i++) {
        looked.getByte(socket);
        looked.looks.run();
        looked.send(socket, GET.substring(0, 10));
        looked.looks.run();
        socket.getOutputStream().write(GET.substring(10).getBytes(StandardCharsets.US_ASCII));
        assertOk(socket);
        assertThat(socket.getInputStream().read()).isZero();
      }
    }
  }

  @Test
  void header_thatStandsAcrossTwoLooks_isNotTaken() throws Exception {
    Bytes bytes = new Bytes(1);
    try (Looked looked = new Looked(bytes);
        Socket socket = looked.connect()) {
      looked.getByte(socket);
      looked.looks.run();
      looked.send(socket, GET.substring(0, 10));
      looked.looks.run();
      looked.send(socket, GET.substring(10, 11));
      looked.looks.run();
      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(bytes.requests).hasValue(1);
    }
  }

  @Test
  void header_afterARest_mayStandAcrossALook() throws Exception {
    try (Looked looked = new Looked(new Bytes(1), Duration.ofMillis(200));
        Socket socket = looked.connect()) {
      looked.getByte(socket);
      looked.looks.run();
      for (int i = 0; i < 3; i++) {
        Thread.sleep(250);
        looked.looks.run();
      }
      looked.send(socket, GET.substring(0, 10));
      looked.looks.run();
      socket.getOutputStream().write(GET.substring(10).getBytes(StandardCharsets.US_ASCII));
      assertOk(socket);
    }
  }

  @Test
  void header_ofWhichBytesComeSeldom_endsItsConnection() throws Exception {
    try (Looked looked = new Looked(new Bytes(1), Duration.ofMillis(200));
        Socket socket = looked.connect()) {
      looked.getByte(socket);
      looked.looks.run();
      EndPoint end = looked.connection().getEndPoint();
      for (int i = 0; i < 10 && end.isOpen(); i++) {
        looked.send(socket, "x");
        looked.looks.run();
        Thread.sleep(250);
        looked.looks.run();
      }
      assertThat(end.isOpen()).isFalse();
    }
  }

  /** Its header may become whole while its connection is being closed. */
  @Test
  void request_whoseConnectionWasGivenUp_isNotHandled() throws Exception {
    Bytes bytes = new Bytes(1);
    try (Looked looked = new Looked(bytes);
        Socket socket = looked.connect()) {
      looked.getByte(socket);
      looked.watch.onClosed(looked.connection());
      socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 408");
      assertThat(bytes.requests).hasValue(1);
    }
  }

  /** What an answer writes makes a connection look used, too. */
  @Test
  void connection_thatRestsAfterAnAnswerReadSlowly_isKept() throws Exception {
    try (Looked looked = new Looked(new Bytes(LARGE), Duration.ofMillis(1));
        Socket socket = looked.connect()) {
      Await.until(() -> looked.looks.last.get() != null);
      looked.rest(); // before its first request
      socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      assertOk(socket);
      looked.rest(); // nobody reads its answer
      assertThat(socket.getInputStream().readNBytes(LARGE / 2)).hasSize(LARGE / 2);
      looked.rest();
      assertThat(socket.getInputStream().readNBytes(LARGE / 2)).hasSize(LARGE / 2);
      Await.until(() -> looked.connection().getEndPoint().isFillInterested());
      looked.rest();
      get(socket, LARGE);
    }
  }

  private static void assertCutOff(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().readNBytes(LARGE)).hasSizeLessThan(LARGE);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void answer_thatIsTakenTooSlowly_endsItsConnection() throws Exception {
    try (Looked looked = new Looked(new Bytes(LARGE), Duration.ofMillis(1), Integer.MAX_VALUE);
        Socket socket = looked.connect()) {
      socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      assertOk(socket);
      Thread.sleep(100);
      looked.looks.run();
      assertCutOff(socket);
    }
  }

  @Test
  void answer_thatIsTakenInTime_comesWhole() throws Exception {
    for (boolean isRate : new boolean[] {true, false}) {
      try (Looked looked =
              isRate
                  ? new Looked(new Bytes(LARGE), Duration.ofMillis(1), LARGE / 100)
                  : new Looked(new Bytes(LARGE), Duration.ofMinutes(1), Integer.MAX_VALUE);
          Socket socket = looked.connect()) {
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        assertOk(socket);
        Thread.sleep(100);
        looked.looks.run();
        assertThat(socket.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
      }
    }
  }

  /** Writes pieces, one when the one before was taken, and the last one when it is told to. */
  private static final class Stream extends Handler.Abstract.NonBlocking {
    private final int length;
    private final AtomicReference<Runnable> last = new AtomicReference<>();

    Stream(int length) {
      this.length = length;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 2L * length);
      Runnable rest = () -> response.write(true, ByteBuffer.allocate(length), callback);
      response.write(
          false,
          ByteBuffer.allocate(length),
          Callback.from(() -> last.set(rest), callback::failed));
      return true;
    }

    void write() throws InterruptedException {
      Await.until(() -> last.get() != null);
      last.get().run();
    }
  }

  @Test
  void stream_thatHasNothingToSay_isKept() throws Exception {
    Stream stream = new Stream(1);
    try (Looked looked = new Looked(stream, Duration.ofMillis(1), Integer.MAX_VALUE);
        Socket socket = looked.connect()) {
      socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      assertOk(socket);
      assertThat(socket.getInputStream().read()).isZero();
      Await.until(() -> stream.last.get() != null);
      Thread.sleep(100);
      looked.looks.run();
      stream.write();
      assertThat(socket.getInputStream().read()).isZero();
    }
  }

  /** Nobody gets the spare time anew by taking a piece. */
  @Test
  void pieces_thatAreAllTakenSlowly_endTheirConnection() throws Exception {
    Stream stream = new Stream(LARGE);
    try (Looked looked = new Looked(stream, Duration.ofSeconds(1), Integer.MAX_VALUE);
        Socket socket = looked.connect()) {
      socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      assertOk(socket);
      Thread.sleep(600);
      assertThat(socket.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
      stream.write();
      Thread.sleep(600);
      looked.looks.run();
      assertCutOff(socket);
    }
  }

  /** Answers with a large content. */
  private static Endpoints large(ByteBuffer content, AtomicInteger sent) {
    Endpoint endpoint =
        new Endpoint() {
          @Override
          public String role() {
            return "large";
          }

          @Override
          public @Nullable HttpAnswer answer(IncomingRequest request) {
            return null;
          }

          @Override
          public LargeAnswer largeAnswer(IncomingRequest request) {
            return new LargeAnswer(200, Map.of(), content.slice(), sent::incrementAndGet);
          }
        };
    return new Endpoints(List.of(endpoint), new Metrics());
  }

  /** Its length gives nobody time: that is allowed for each piece. */
  @Test
  void largeAnswer_thatIsNotTaken_endsItsConnection() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    Endpoints large = large(ByteBuffer.allocate(LARGE), sent);
    try (Looked looked = new Looked(large, Duration.ofMillis(1), LARGE / 64);
        Socket socket = looked.connect()) {
      socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
      assertOk(socket);
      Thread.sleep(1_500); // for a piece of 256 KiB, 500 ms
      looked.looks.run();
      Await.until(() -> sent.get() == 1);
    }
  }

  @Test
  void largeAnswer_thatIsTaken_comesWholeWithItsLength() throws Exception {
    byte[] content = new byte[LARGE / 8 + 1];
    new Random(1).nextBytes(content);
    AtomicInteger sent = new AtomicInteger();
    try (Looked looked = new Looked(large(ByteBuffer.wrap(content), sent));
        Socket socket = looked.connect()) {
      for (int i = 1; i <= 2; i++) {
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        assertOk(socket);
        assertThat(socket.getInputStream().readNBytes(content.length)).isEqualTo(content);
        int times = i;
        Await.until(() -> sent.get() == times);
      }
    }
  }
}
