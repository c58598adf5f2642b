package dev.taper.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import dev.taper.server.process.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerTest {
  private static final ListenAddress FREE =
      new ListenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  private final AtomicBoolean ready = new AtomicBoolean();
  private final Metrics metrics = new Metrics();

  private static HttpResponse<String> get(Listener listener, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void adminPages_sayWhetherTheProcessIsReady() throws Exception {
    try (Listener listener = Listener.start(FREE, null, new AdminPages(metrics, ready::get))) {
      assertThat(get(listener, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(listener, "/health/ready").statusCode()).isEqualTo(503);
      ready.set(true);
      assertThat(get(listener, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(get(listener, "/other").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void adminPages_metrics_areOpenMetrics() throws Exception {
    metrics.refused("unknown_method");
    metrics.ready("guard", ready::get);
    try (Listener listener = Listener.start(FREE, null, new AdminPages(metrics, ready::get))) {
      HttpResponse<String> answer = get(listener, "/metrics");
      assertThat(answer.headers().firstValue("content-type").orElseThrow())
          .startsWith("application/openmetrics-text");
      assertThat(answer.body())
          .contains("taper_refusals_total{code=\"unknown_method\"} 1.0")
          .contains("taper_ready_guard 0.0")
          .endsWith("# EOF\n");
    }
  }

  @Test
  void start_addressTaken_isIo() throws Exception {
    try (Listener first = Listener.start(FREE, null, new AdminPages(metrics, ready::get))) {
      assertThatThrownBy(
              () ->
                  Listener.start(
                      new ListenAddress(first.address()),
                      null,
                      new AdminPages(metrics, ready::get)))
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
    assertThatThrownBy(
            () ->
                Listener.start(
                    FREE, new TlsFiles(certificate, key), new AdminPages(metrics, ready::get)))
        .isInstanceOf(OperationException.class)
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("invalid_certificate");
  }
}
