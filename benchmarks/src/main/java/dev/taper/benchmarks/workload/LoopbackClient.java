package dev.taper.benchmarks.workload;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client of HTTP on one connection that stays open. It sends bytes that were put together before
 * and reads answers with a {@code Content-Length}, so that it costs next to nothing itself. For one
 * thread.
 */
public final class LoopbackClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** Connects to a port of this machine. */
  public LoopbackClient(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Sends a request, and reads the whole answer.
   *
   * @return the status
   */
  public int send(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    String line = line();
    int status = Integer.parseInt(line.substring(9, 12));
    int length = 0;
    while (!line.isEmpty()) {
      line = line();
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    in.skipNBytes(length);
    return status;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c != '\n') {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
      c = in.read();
    }
    return line.toString();
  }

  /** A request with content in JSON. */
  public static byte[] post(int port, String target, String fields, String content) {
    return ("POST "
            + target
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + content.length()
            + "\r\n"
            + fields
            + "\r\n"
            + content)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
