package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A session with a server at a URL that takes connections and says nothing. */
class HttpLinkTest {
  private static final Link.Receiver NOBODY =
      new Link.Receiver() {
        @Override
        public void received(RpcMessage message, @Nullable Object about) {}

        @Override
        public void broken(RpcFault fault, @Nullable Object about) {}

        @Override
        public void ended(String reason) {}
      };

  @Test
  void notifications_thatTheServerDoesNotTake_areKeptWithinBytes() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/mcp");
      Link link = new UrlUpstream(url, Map::of, 1 << 20, null).open(NOBODY);
      RpcMessage large =
          new RpcMessage.Notification("notifications/progress", Map.of("x", "x".repeat(300_000)));
      int taken = 0;
      for (int i = 0; i < 20; i++) {
        try {
          link.send(large, Map.of());
          taken++;
        } catch (RpcFault e) {
          assertThat(e.code()).isEqualTo(RpcFault.Code.UPSTREAM_UNAVAILABLE);
        }
      }
      assertThat(taken).isBetween(1, 4);
      link.close();
    }
  }
}
