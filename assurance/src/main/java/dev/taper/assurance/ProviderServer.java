package dev.taper.assurance;

import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;

/**
 * A provider that publishes what a harness says, over HTTP on this machine: each answer is one
 * write and the end of its connection. It lasts as long as the process. Thread-safe.
 */
final class ProviderServer {
  private final ServerSocket server;
  private volatile byte[] published = whole(200, new byte[0]);

  ProviderServer() {
    try {
      server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread answering = new Thread(this::answer, "provider");
    answering.setDaemon(true);
    answering.start();
  }

  private void answer() {
    while (true) {
      try (Socket asked = server.accept()) {
        readHead(asked.getInputStream());
        asked.getOutputStream().write(published);
      } catch (IOException e) {
        // Whoever asked went away; the next one is answered.
      }
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int last = 0;
    int next = in.read();
    while (next >= 0 && last != 0x0d0a0d0a) {
      last = last << 8 | next;
      next = last == 0x0d0a0d0a ? 0 : in.read();
    }
  }

  private static byte[] whole(int status, byte[] content) {
    byte[] head =
        ("HTTP/1.1 "
                + status
                + " -\r\nConnection: close\r\nContent-Length: "
                + content.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return whole;
  }

  void publish(byte[] content) {
    publish(200, content);
  }

  void publish(int status, byte[] content) {
    published = whole(status, content);
  }

  /** Where a path is published; what is asked for makes no difference. */
  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
  }

  /** Verifies tokens by what is published when a key is looked for. */
  IdentityTokens tokens(Clock clock) {
    return IdentityTokens.of(Provider.of(ProviderTokens.ISSUER).keys(url("/keys")), clock);
  }

  /** Verifies tokens by the key of {@link ProviderTokens}, which is known from now on. */
  static IdentityTokens knowing(Clock clock) {
    ProviderServer server = new ProviderServer();
    String set = ProviderTokens.set(ProviderTokens.entry(ProviderTokens.KEY, ",\"kid\":\"k\""));
    server.publish(set.getBytes(StandardCharsets.US_ASCII));
    IdentityTokens tokens = server.tokens(clock);
    try {
      var unused =
          tokens.verify(
              ProviderTokens.signed(
                  ProviderTokens.KEY, ProviderTokens.HEADER, ProviderTokens.CLAIMS),
              ProviderTokens.AUDIENCE);
      return tokens;
    } catch (IdentityException e) {
      throw new IllegalStateException(e);
    }
  }
}
