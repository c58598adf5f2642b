package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose connections are taken, as any user can try it: the connector is told whose it is. */
class KeeperConnectorTest {
  @TempDir Path folder;

  /** What a client of this process's user receives from a connector of a user. */
  private String answer(UserPrincipal user) throws Exception {
    Path socket = folder.resolve("k.sock");
    Server server = new Server();
    KeeperConnector connector =
        new KeeperConnector(server, new HttpConnectionFactory(), user, new Metrics());
    connector.setUnixDomainPath(socket);
    server.addConnector(connector);
    server.start();
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(client.connect(UnixDomainSocketAddress.of(socket))).isTrue();
      return said(client);
    } finally {
      server.stop();
    }
  }

  private static String said(SocketChannel client) {
    ByteBuffer read = ByteBuffer.allocate(64);
    try {
      String request = "GET / HTTP/1.1\r\nHost: k\r\n\r\n";
      int unused = client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      unused = client.read(read);
    } catch (IOException e) {
      return "closed"; // before the request was written
    }
    return read.position() == 0
        ? "closed"
        : new String(read.array(), 0, read.position(), StandardCharsets.US_ASCII);
  }

  @Test
  void connection_ofItsUser_isAnswered() throws Exception {
    assertThat(answer(Files.getOwner(folder))).startsWith("HTTP/1.1 404");
  }

  @Test
  void connection_ofAnotherUser_isClosedWithoutAnAnswer() throws Exception {
    assertThat(answer(() -> "mallory")).isEqualTo("closed");
  }
}
