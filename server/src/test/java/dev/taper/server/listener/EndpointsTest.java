package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints and clients that send too slowly, too much, or not all. */
class EndpointsTest {
  private final AtomicInteger taken = new AtomicInteger();

  private static final int MORE_THAN_THREADS = 80;

  /** Says how long the content is. */
  private final class Length implements Endpoint {
    @Override
    public String role() {
      return "length";
    }

    @Override
    public HttpAnswer answer(IncomingRequest request) {
      try {
        byte[] content = request.content().readAllBytes();
        taken.incrementAndGet();
        byte[] length = Integer.toString(content.length).getBytes(StandardCharsets.US_ASCII);
        return new HttpAnswer(200, Map.of(), length);
      } catch (IOException e) {
        return HttpAnswer.of(HttpRefusal.of(400, "ends_early", null));
      }
    }
  }

  private final Listener listener =
      Listener.start(
          new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
          null,
          new Endpoints(List.of(new Length()), new Metrics()));
  private final List<Socket> open = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    listener.close();
  }

  private Socket begins(int length) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
    open.add(socket);
    String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\nx";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private HttpResponse<String> post(int length) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + listener.address().getPort() + "/");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString("x".repeat(length)))
                .build(),
            BodyHandlers.ofString());
  }

  @Test
  void clientsThatSendSlowly_takeNoThreads() throws Exception {
    for (int i = 0; i < MORE_THAN_THREADS; i++) {
      Socket unused = begins(100);
    }
    assertThat(post(5).body()).isEqualTo("5");
  }

  @Test
  void content_tooLarge_isRefused() throws Exception {
    assertThat(post(Endpoints.MAX_CONTENT).body()).isEqualTo("" + Endpoints.MAX_CONTENT);
    HttpResponse<String> refused = post(Endpoints.MAX_CONTENT + 1);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("content_too_large");
  }

  /** A client keeps a connection for its next call, unless the answer says that this one ends. */
  @Test
  void content_refusedUnread_endsTheConnectionAndTheAnswerSaysSo() throws Exception {
    byte[] answer = begins(64 << 20).getInputStream().readAllBytes();
    assertThat(new String(answer, StandardCharsets.UTF_8))
        .startsWith("HTTP/1.1 413")
        .containsIgnoringCase("\r\nConnection: close\r\n");
  }

  @Test
  void content_thatEndsEarly_isNone() throws Exception {
    Socket socket = begins(100);
    socket.shutdownOutput();
    byte[] answer = socket.getInputStream().readAllBytes();
    assertThat(new String(answer, StandardCharsets.UTF_8))
        .startsWith("HTTP/1.1 400")
        .contains("ends_early");
    assertThat(taken).as("contents that were taken for whole").hasValue(0);
    assertThat(post(3).body()).isEqualTo("3");
    assertThat(taken).hasValue(1);
  }

  /** Whatever it is: nobody else answers, once a content was waited for. */
  @Test
  void endpoint_thatEndsWithAnError_isUnavailable() throws Exception {
    Endpoint broken =
        new Endpoint() {
          @Override
          public String role() {
            return "broken";
          }

          @Override
          public HttpAnswer answer(IncomingRequest request) {
            throw new StackOverflowError("of a test");
          }
        };
    try (Listener other =
            Listener.start(
                new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                null,
                new Endpoints(List.of(broken), new Metrics()));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.address().getPort())) {
      String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(300);
      socket.getOutputStream().write('x');
      socket.setSoTimeout(10_000);
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 503");
    }
  }

  @Test
  void connections_areBounded_andThoseThatRestMakeRoom() throws Exception {
    int more = Listener.MAX_CONNECTIONS + 88;
    for (int i = 0; i < more; i++) {
      open.add(new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort()));
      assertThat(listener.connections()).isLessThanOrEqualTo(Listener.MAX_CONNECTIONS);
    }
    assertThat(post(5).body()).isEqualTo("5"); // whose connection comes behind all others
    assertThat(listener.connections()).isLessThanOrEqualTo(Listener.MAX_CONNECTIONS);
    assertThat(open.get(0).getInputStream().read()).as("made room").isEqualTo(-1);
  }

  @Test
  void headers_thatNeverEnd_takeNoConnectionForLong() throws Exception {
    try (Listener hurried =
        Listener.start(
            new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            null,
            false,
            new Endpoints(List.of(new Length()), new Metrics()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1))) {
      Socket slow = new Socket(InetAddress.getLoopbackAddress(), hurried.address().getPort());
      Socket again = new Socket(InetAddress.getLoopbackAddress(), hurried.address().getPort());
      open.addAll(List.of(slow, again));
      String whole = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
      again.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
      assertThat(again.getInputStream().read()).isEqualTo('H');
      assertThat(isCutOff(slow)).isTrue();
      assertThat(isCutOff(again)).isTrue();
    }
  }

  /**
   * Sends bytes of a header, none of them late, until the connection ends or ten seconds passed.
   */
  private static boolean isCutOff(Socket socket) throws InterruptedException {
    try {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nx: ".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 100; i++) {
        socket.getOutputStream().write('x');
        Thread.sleep(100);
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void requests_thatComeOneByOne_areAnswered() throws Exception {
    try (Listener hurried =
        Listener.start(
            new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            null,
            false,
            new Endpoints(List.of(new Length()), new Metrics()),
            Duration.ofSeconds(5),
            Duration.ofMillis(300))) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), hurried.address().getPort());
      open.add(socket);
      for (int i = 0; i < 10; i++) {
        String whole = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
        socket.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(250);
      }
      socket.shutdownOutput();
      byte[] answers = socket.getInputStream().readAllBytes();
      assertThat(new String(answers, StandardCharsets.UTF_8).split("200 OK", -1)).hasSize(11);
    }
  }

  private Listener hurried(Duration header) {
    return Listener.start(
        new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        null,
        false,
        new Endpoints(List.of(new Length()), new Metrics()),
        Duration.ofSeconds(5),
        header);
  }

  private Socket continued(Listener listener, int length) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
    open.add(socket);
    String head = "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n";
    socket
        .getOutputStream()
        .write(
            (head + "Content-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    String said = "HTTP/1.1 100 Continue\r\n\r\n";
    assertThat(
            new String(socket.getInputStream().readNBytes(said.length()), StandardCharsets.UTF_8))
        .isEqualTo(said);
    return socket;
  }

  /** That there is more to send is said beside the answer. */
  @Test
  void header_thatNeverEnds_afterAContentThatWasWaitedFor_endsItsConnection() throws Exception {
    try (Listener hurried = hurried(Duration.ofSeconds(1))) {
      Socket socket = continued(hurried, 1);
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThat(isCutOff(socket)).isTrue();
    }
  }

  @Test
  void content_thatWasWaitedForAndComesSlowly_isTaken() throws Exception {
    try (Listener hurried = hurried(Duration.ofMillis(300))) {
      Socket socket = continued(hurried, 20);
      for (int i = 0; i < 20; i++) {
        socket.getOutputStream().write('x');
        Thread.sleep(100);
      }
      socket.shutdownOutput();
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.UTF_8)).contains("200 OK").endsWith("20");
    }
  }
}
