package dev.taper.operations.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeeperClientTest {
  @TempDir Path folder;

  /** Answers one connection, and gives what it asked. */
  static CompletableFuture<String> answering(Path socket, String answer) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    return CompletableFuture.supplyAsync(
        () -> {
          try (server;
              SocketChannel channel = server.accept()) {
            ByteBuffer request = ByteBuffer.allocate(8192);
            channel.read(request);
            ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
              channel.write(bytes);
            }
            return new String(request.array(), 0, request.position(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return e.toString();
          }
        });
  }

  static String http(String status, String json) {
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n\r\n" + json;
  }

  static String code(Runnable refused) {
    try {
      refused.run();
    } catch (OperationException e) {
      return e.code();
    }
    throw new AssertionError("it is not refused");
  }

  private static String listed(KeeperClient client) {
    return code(
        () -> {
          var unused = client.keys();
        });
  }

  @Test
  void keys_areRead_andWhatIsNewIsLeftAlone() throws Exception {
    Path socket = folder.resolve("k.sock");
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    var asked =
        answering(
            socket,
            http(
                "200 OK",
                "{\"keys\":[{\"name\":\"a\",\"key\":\""
                    + key.publicKey()
                    + "\",\"in\":\"memory\",\"confirm\":true,\"until\":5,\"new\":1}],\"more\":{}}"));
    KeeperClient.KeptKey read = KeeperClient.at(socket).keys().get(0);
    assertThat(read.key()).isEqualTo(key.publicKey());
    assertThat(read.isConfirmed()).isTrue();
    assertThat(read.until()).hasToString("1970-01-01T00:00:05Z");
    assertThat(asked.get()).startsWith("GET /v1/keys HTTP/1.1\r\nHost: keeper\r\n");
  }

  @Test
  void refusal_isItsCode() throws Exception {
    Path socket = folder.resolve("k.sock");
    var unused =
        answering(
            socket,
            http("403 Forbidden", "{\"status\":403,\"code\":\"locked\",\"detail\":\"no\\u202e\"}"));
    try {
      var keys = KeeperClient.at(socket).keys();
      throw new AssertionError(keys);
    } catch (OperationException e) {
      assertThat(e.code()).isEqualTo("locked");
      assertThat(e).hasMessage("the keeper: no\\u{202e}");
    }
  }

  static Stream<String> malformed() {
    return Stream.of(
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "hello\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n folded\r\n\r\n{}",
        http("200 OK", "[]"),
        http("200 OK", "{\"keys\":1}"),
        http("200 OK", "{\"keys\":[1]}"),
        http("200 OK", "{\"keys\":[{\"name\":\"a\",\"key\":\"x\"}]}"),
        http("200 OK", "{\"keys\":[],\"keys\":[]}"),
        http("200 OK", "{\"keys\":[" + untilTheEndOfTime() + "]}"),
        http("200 OK", "{}") + "{}",
        http("403 Forbidden", "{\"code\":\"No Code\"}"),
        "HTTP/1.1 200 OK\r\nX: " + "x".repeat(9_000),
        "HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + "x".repeat(2_000_000));
  }

  private static String untilTheEndOfTime() {
    return "{\"name\":\"a\",\"key\":\""
        + PrivateKey.generate(Algorithm.ED25519).publicKey()
        + "\",\"in\":\"memory\",\"confirm\":false,\"until\":"
        + Long.MAX_VALUE
        + "}";
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void answer_ofNoKeeper_isRefused(String answer) throws Exception {
    Path socket = folder.resolve("k.sock");
    var unused = answering(socket, answer);
    assertThat(listed(KeeperClient.at(socket))).isEqualTo("malformed_answer");
  }

  @Test
  void answer_cutOff_orNone_isIo() throws Exception {
    Path socket = folder.resolve("k.sock");
    var first = answering(socket, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{");
    assertThat(listed(KeeperClient.at(socket))).isEqualTo("io");
    assertThat(first.get()).startsWith("GET");
    Path other = folder.resolve("o.sock");
    var second = answering(other, "");
    assertThat(listed(KeeperClient.at(other))).isEqualTo("io");
    assertThat(second.get()).startsWith("GET");
  }

  @Test
  void keeper_thatHangs_isNotWaitedForForEver() throws Exception {
    Path socket = folder.resolve("k.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertThat(listed(KeeperClient.at(socket).patience(Duration.ofMillis(200)))).isEqualTo("io");
    }
    assertThat(listed(KeeperClient.at(socket))).isEqualTo("no_keeper");
    assertThat(listed(KeeperClient.at(folder.resolve("none.sock")))).isEqualTo("no_keeper");
  }

  /** What answers at the socket may be no keeper: a signature by another key is none. */
  @Test
  void sign_byAnotherKey_fails() throws Exception {
    Path socket = folder.resolve("k.sock");
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    var unused =
        answering(
            socket,
            http(
                "200 OK",
                "{\"name\":\"a\",\"key\":\""
                    + key.publicKey()
                    + "\",\"in\":\"memory\",\"confirm\":false}"));
    Signer signer = KeeperClient.at(socket).signer("a");
    Files.delete(socket);
    var second = answering(socket, http("200 OK", "{\"signature\":\"" + "A".repeat(86) + "\"}"));
    try {
      byte[] signature = signer.sign(new byte[] {1});
      throw new AssertionError(signature.length);
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.SIGNING_FAILED);
      assertThat(e).hasMessageContaining("malformed_answer");
    }
    assertThat(second.get()).contains("\"message\":\"AQ\"");
  }

  @Test
  void socket_isFoundWhereItIsNamed() {
    Path home = Path.of("/home/alice");
    assertThat(KeeperClient.socket(Map.of("TAPER_KEEPER", "/run/k.sock"), home))
        .isEqualTo(Path.of("/run/k.sock"));
    assertThat(KeeperClient.socket(Map.of("XDG_RUNTIME_DIR", "/run/user/7"), home))
        .isEqualTo(Path.of("/run/user/7/taper/keeper.sock"));
    assertThat(KeeperClient.socket(Map.of("TAPER_KEEPER", ""), home))
        .isEqualTo(Path.of("/home/alice/.taper/keeper.sock"));
    assertThat(KeeperClient.socket(Map.of("HOME", "/home/agent"), home))
        .isEqualTo(Path.of("/home/agent/.taper/keeper.sock"));
    assertThat(
            code(
                () -> {
                  Path unused = KeeperClient.socket("/" + "x".repeat(200));
                }))
        .isEqualTo("usage");
    assertThat(
            code(
                () -> {
                  Path unused = KeeperClient.socket("/a\0b");
                }))
        .isEqualTo("usage");
    assertThat(
            code(
                () -> {
                  String unused = KeeperClient.name("../x");
                }))
        .isEqualTo("usage");
  }
}
