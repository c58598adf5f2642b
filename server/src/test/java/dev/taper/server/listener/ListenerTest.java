package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.operations.OperationException;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ListenerTest {
  private static final ListenAddress FREE =
      new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  private final AtomicBoolean ready = new AtomicBoolean();
  private final Metrics metrics = new Metrics();
  private final Running running = Running.stoppedByHand();

  private AdminPages pages() {
    return new AdminPages(
        metrics,
        running,
        () ->
            ready.get()
                ? List.of()
                : List.of(new VerifierHealth.Reason("audit_unavailable", "the disk is \"full\"")),
        () -> ready.get() ? List.of("soon") : List.of());
  }

  private static HttpResponse<String> get(Listener listener, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void adminPages_sayWhetherTheProcessIsReady() throws Exception {
    try (Listener listener = Listener.start(FREE, null, pages())) {
      assertThat(get(listener, "/health/live").statusCode()).isEqualTo(200);
      HttpResponse<String> not = get(listener, "/health/ready");
      assertThat(not.statusCode()).isEqualTo(503);
      assertThat(not.body())
          .isEqualTo("not ready\nreason: audit_unavailable: the disk is \"full\"\n");
      ready.set(true);
      HttpResponse<String> is = get(listener, "/health/ready");
      assertThat(is.statusCode()).isEqualTo(200);
      assertThat(is.body()).isEqualTo("ready\nwarning: soon\n");
      assertThat(get(listener, "/other").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> json(Listener listener) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + "/health/ready");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("Accept", "application/json").build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void adminPages_clientAcceptsJson_sayTheSameAsJson() throws Exception {
    try (Listener listener = Listener.start(FREE, null, pages())) {
      HttpResponse<String> not = json(listener);
      assertThat(not.statusCode()).isEqualTo(503);
      assertThat(not.headers().firstValue("content-type")).contains("application/json");
      assertThat(not.body())
          .isEqualTo(
              "{\"status\":\"not_ready\",\"reasons\":[{\"code\":\"audit_unavailable\","
                  + "\"text\":\"the disk is \\\"full\\\"\"}],\"warnings\":[]}");
      ready.set(true);
      assertThat(json(listener).body())
          .isEqualTo("{\"status\":\"ready\",\"reasons\":[],\"warnings\":[\"soon\"]}");
      running.stop();
      assertThat(json(listener).body()).startsWith("{\"status\":\"draining\",");
    }
  }

  @Test
  void adminPages_metrics_areOpenMetrics() throws Exception {
    metrics.refused("unknown_method");
    metrics.ready("guard", ready::get);
    try (Listener listener = Listener.start(FREE, null, pages())) {
      HttpResponse<String> answer = get(listener, "/metrics");
      assertThat(answer.headers().firstValue("content-type").orElseThrow())
          .startsWith("application/openmetrics-text");
      assertThat(answer.body())
          .contains("taper_refusals_total{code=\"unknown_method\"} 1.0")
          .contains("taper_ready_guard 0.0")
          .endsWith("# EOF\n");
    }
  }

  /** Anybody can send it, as fast as the net goes: each would be a line. */
  @Test
  void garbage_fromAnybody_writesNothingIntoTheLog() throws Exception {
    // What other tests have left running may still say something.
    Set<String> others =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread != Thread.currentThread())
            .map(Thread::getName)
            .collect(Collectors.toSet());
    Logger all = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    all.addAppender(log);
    try (Listener listener = Listener.start(FREE, null, pages())) {
      for (String garbage :
          List.of(
              "GET / HTTP/1.1\r\nHost: 127.0.0.1:1.evil.example\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: [::\r\n\r\n",
              "GET / HTTP/1.1\r\n\r\n",
              "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(40_000) + "\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n",
              "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
              "GET /%zz%00/../;/ HTTP/1.1\r\nHost: a\r\n\r\n",
              "GET /\u00ff\u00fe HTTP/1.1\r\nHost: a\r\n\r\n",
              "\u0016\u0003\u0001\u0002\u0000\u0001",
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
              "GET http://evil.example:99999/ HTTP/1.1\r\nHost: a\r\n\r\n",
              "x\r\n\r\n")) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(listener))) {
          socket.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
          socket.shutdownOutput();
          var unused = socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
          // It was hung up on.
        }
      }
      assertThat(get(listener, "/health/live").statusCode()).isEqualTo(200);
    } finally {
      all.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(event -> !others.contains(event.getThreadName()))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
  }

  private static int port(Listener listener) {
    return listener.address().getPort();
  }

  @Test
  void start_addressTaken_isIo() throws Exception {
    try (Listener first = Listener.start(FREE, null, pages())) {
      assertThatThrownBy(() -> Listener.start(new ListenAddress(first.address()), null, pages()))
          .isInstanceOf(OperationException.class)
          .hasMessageEndingWith("another process listens there; stop it, or choose another port")
          .extracting(e -> ((OperationException) e).code())
          .isEqualTo("io");
    }
  }

  @Test
  void start_noCertificate_isRefused(@TempDir Path folder) throws Exception {
    Path certificate = Files.writeString(folder.resolve("tls.pem"), "none");
    Path key = Files.writeString(folder.resolve("tls.key"), "none");
    assertThatThrownBy(() -> Listener.start(FREE, new TlsFiles(certificate, key), pages()))
        .isInstanceOf(OperationException.class)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("invalid_certificate");
  }
}
