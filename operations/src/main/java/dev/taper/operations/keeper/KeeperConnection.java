package dev.taper.operations.keeper;

import dev.taper.Deadline;
import dev.taper.operations.OperationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One request of HTTP/1.1 over a Unix domain socket, and its answer. The JDK's own client knows no
 * such sockets.
 */
record KeeperConnection(Path socket, Duration patience) {
  private static final int BUFFER = 8192;

  /**
   * Sends one request and waits for its answer.
   *
   * @throws OperationException {@code no_keeper} if nobody listens there; {@code io} if there is no
   *     whole answer in time
   */
  byte[] exchange(String method, String target, byte[] content) {
    String head =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: keeper\r\nConnection: close\r\n"
            + (content.length == 0 ? "" : "Content-Type: application/json\r\n")
            + "Content-Length: "
            + content.length
            + "\r\n\r\n";
    byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer request = ByteBuffer.allocate(bytes.length + content.length);
    request.put(bytes).put(content).flip();
    try (SocketChannel channel = connect();
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
      return exchange(channel, key, request);
    } catch (IOException e) {
      throw OperationException.io(
          "the keeper at " + socket + " does not answer: " + e.getMessage(), e);
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw none(e);
    }
  }

  private OperationException none(IOException e) {
    String why =
        e instanceof AccessDeniedException || "Permission denied".equals(e.getMessage())
            ? "it belongs to another user"
            : Files.exists(socket) ? "nobody listens there any more" : "there is no such socket";
    return new OperationException(
        OperationException.Kind.IO,
        "no_keeper",
        "there is no keeper at "
            + socket
            + ": "
            + why
            + "; start one with taper keeper, or set "
            + KeeperClient.VARIABLE,
        e);
  }

  private byte[] exchange(SocketChannel channel, SelectionKey key, ByteBuffer request)
      throws IOException {
    Deadline deadline = Deadline.in(patience);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (true) {
      await(key, deadline);
      if (key.isWritable()) {
        channel.write(request);
        key.interestOps(
            request.hasRemaining()
                ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                : SelectionKey.OP_READ);
      }
      if (key.isReadable()) {
        if (channel.read(buffer) < 0) {
          return answer.toByteArray();
        }
        answer.write(buffer.array(), 0, buffer.position());
        buffer.clear();
        if (answer.size() > KeeperAnswer.MAX_BYTES) {
          throw KeeperAnswer.malformed("does not end");
        }
      }
    }
  }

  private void await(SelectionKey key, Deadline deadline) throws IOException {
    key.selector().selectedKeys().clear();
    long left = deadline.left().toMillis();
    if (left == 0 || key.selector().select(left) == 0) {
      throw new IOException("it takes longer than " + patience.toSeconds() + " s");
    }
  }
}
