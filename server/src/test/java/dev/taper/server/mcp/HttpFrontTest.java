package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.listener.ListenAddress;
import dev.taper.server.listener.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  /**
   * A server behind, or a proxy before, could take another value than the one that is looked at.
   */
  @Test
  void field_inAnotherSpelling_orTwice_isRefused() throws Exception {
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    HttpFront front =
        new HttpFront(
            new BrokenHost(),
            new HttpFront.Settings("/mcp", 1 << 20, 4, false, new CallerCheck(true, Set.of())),
            timers);
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (front;
        Listener listener = Listener.start(new ListenAddress(free), null, front)) {
      int port = listener.address().getPort();
      String there = "there is no such session";
      assertThat(delete(port, "Mcp-Session-Id: s")).contains(" 404 ", there);
      for (String fields :
          List.of(
              "Mcp_Session_Id: s",
              "Mcp-Session-Id: s\r\nmcp-session_id: t",
              "Mcp-Session-Id: s\r\nMCP-SESSION-ID: s",
              "Mcp-Session-Id: s\r\nMcp_Protocol_Version: 1",
              "Mcp-Session-Id: s\r\nMcp_Method: m",
              "Mcp-Session-Id: s\r\nMcp-Name: n\r\nMcp-Name: n",
              "Mcp-Session-Id: s\r\nMcp-Param_Region: r",
              "Mcp-Session-Id: s\r\nLast_Event-ID: 1",
              "Mcp-Session-Id: s\r\nAuthorization: a\r\nAuthorization: b",
              "Mcp-Session-Id: s\r\nTaper_Token: t",
              "Mcp-Session-Id: s\r\nTaper-Proof: p\r\nTaper-Proof: p")) {
        assertThat(delete(port, fields))
            .as(fields)
            .contains(" 400 ", "invalid_request")
            .doesNotContain(there);
      }
    } finally {
      timers.shutdownNow();
    }
  }

  private static String delete(int port, String fields) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String head =
          "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(10_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
