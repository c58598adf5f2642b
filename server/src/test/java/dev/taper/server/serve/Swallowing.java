package dev.taper.server.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hands requests on, waits for the answers, and swallows them: a connection that breaks. */
final class Swallowing implements AutoCloseable {
  private static final Pattern LENGTH =
      Pattern.compile("\r\nContent-Length: *(\\d+)", Pattern.CASE_INSENSITIVE);

  private final ServerSocket socket;
  private final AtomicInteger swallowed = new AtomicInteger();

  Swallowing(int target) throws IOException {
    socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> serve(target), "swallowing");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(int target) {
    while (!socket.isClosed()) {
      try (Socket in = socket.accept();
          Socket out = new Socket(InetAddress.getLoopbackAddress(), target)) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          head.append((char) in.getInputStream().read());
        }
        out.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
          out.getOutputStream()
              .write(in.getInputStream().readNBytes(Integer.parseInt(length.group(1))));
        }
        if (out.getInputStream().read() >= 0) {
          swallowed.incrementAndGet();
        }
      } catch (IOException e) {
        // as if it had not been there
      }
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  int swallowed() {
    return swallowed.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
