package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.operations.OperationException;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a keeper does with too much, too large and malformed. */
class FloodTest {
  @TempDir static Path folder;
  private static RunningKeeper keeper;

  @BeforeAll
  static void start() throws Exception {
    keeper = RunningKeeper.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    TearDown.close(keeper);
  }

  private static SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(keeper.client.socket()));
    return channel;
  }

  private static String read(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    try {
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Until its end.
      }
    } catch (IOException e) {
      // It hung up on what it had not read; what it said first has come.
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  private static String raw(String request) throws IOException {
    try (SocketChannel channel = connect()) {
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return read(channel);
    }
  }

  @Test
  void connections_moreThanItTakes_areClosed_andItGoesOn() throws Exception {
    List<SocketChannel> open = new ArrayList<>();
    try {
      for (int i = 0; i < KeeperConnector.MAX_CONNECTIONS + 20; i++) {
        open.add(connect());
      }
      long asked = System.nanoTime();
      assertThat(read(open.get(open.size() - 1))).isEmpty();
      assertThat(System.nanoTime() - asked)
          .as("it is closed at once, not when nothing was sent for long")
          .isLessThan(TimeUnit.SECONDS.toNanos(8));
    } finally {
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
    for (int tries = 0; ; tries++) {
      try {
        assertThat(keeper.client.keys()).isEmpty();
        break;
      } catch (OperationException e) {
        assertThat(tries).as(e.getMessage()).isLessThan(300);
        Thread.sleep(100);
      }
    }
  }

  @Test
  void content_tooLarge_isRefused() throws Exception {
    String json = "{\"name\":\"" + "x".repeat(RequestReader.MAX_BYTES) + "\"}";
    assertThat(
            raw(
                "POST /v1/keys HTTP/1.1\r\nHost: k\r\nConnection: close\r\nContent-Length: "
                    + json.length()
                    + "\r\n\r\n"
                    + json))
        .startsWith("HTTP/1.1 413 ")
        .contains("\"code\":\"content_too_large\"");
    assertThat(raw("GET /v1/keys HTTP/1.1\r\nHost: k\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(keeper.client.keys()).isEmpty();
  }

  @Test
  void content_cutOff_isRefused() throws Exception {
    try (SocketChannel channel = connect()) {
      String request = "POST /v1/keys HTTP/1.1\r\nHost: k\r\nContent-Length: 100\r\n\r\n{\"na";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
      channel.shutdownOutput();
      assertThat(read(channel)).startsWith("HTTP/1.1 400 ");
    }
    assertThat(keeper.client.keys()).isEmpty();
  }

  static Stream<String> malformed() {
    return Stream.of(
        "",
        "{",
        "[]",
        "null",
        "{\"name\":\"a\",\"name\":\"a\"}",
        "{\"name\":null}",
        "{\"name\":1}",
        "{\"name\":\"A\"}",
        "{\"name\":\"../a\"}",
        "{\"name\":\"\"}",
        "{\"name\":\"a\",\"lifetime\":-1}",
        "{\"name\":\"a\",\"lifetime\":0}",
        "{\"name\":\"a\",\"lifetime\":1.5}",
        "{\"name\":\"a\",\"lifetime\":1e9999}",
        "{\"name\":\"a\",\"confirm\":\"yes\"}",
        "{\"name\":\"a\",\"algorithm\":\"rsa\"}",
        "{\"name\":\"a\",\"in\":\"store\"}",
        "{\"name\":\"a\",\"secret\":\"x\"}",
        "{\"name\":\"a\"} {}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":" + "[".repeat(100) + "]".repeat(100) + "}");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void json_malformed_isRefused(String json) {
    assertThat(keeper.refused("POST", "/v1/keys", json.isEmpty() ? " " : json))
        .isEqualTo("invalid_request");
    assertThat(keeper.client.keys()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void request_unknown_isRefused(String line) {
    String[] parts = line.split(" ", -1);
    assertThat(keeper.refused(parts[0], parts[1], parts[0].equals("POST") ? "{}" : null))
        .isIn("unknown_request", "invalid_request");
  }

  static Stream<String> unknown() {
    return Stream.of(
        "GET /",
        "GET /v1",
        "GET /v1/keys/",
        "GET /v1/keys/../x",
        "GET /v1/status?x=1",
        "PUT /v1/keys",
        "POST /v1/other",
        "DELETE /v1/keys",
        "DELETE /v1/keys/A");
  }
}
