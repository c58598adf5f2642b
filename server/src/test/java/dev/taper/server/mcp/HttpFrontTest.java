package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class HttpFrontTest {
  /** Its connection waits as long as its server, once its content was waited for. */
  @Test
  void request_forWhichNoServerCanBeHad_isAnswered() throws Exception {
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    HttpFront front =
        new HttpFront(
            new BrokenHost(),
            new HttpFront.Settings("/mcp", 1 << 20, 4, false, new CallerCheck(true, Set.of())),
            timers);
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (front;
        Listener listener = Listener.start(new ListenAddress(free), null, front);
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
      String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}";
      String head =
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(300);
      socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(10_000);
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 500");
    } finally {
      timers.shutdownNow();
    }
  }
}
