package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a server that says of them what it likes. */
class ShapedAnswersTest {
  private static boolean isTaken(String answer, int step) {
    EmbeddedChannel channel = new EmbeddedChannel(new ShapedAnswers());
    byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
    try {
      for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
        boolean unused =
            channel.writeInbound(
                Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
      }
      return channel.isOpen();
    } catch (Exception e) {
      assertThat(e).isInstanceOf(IOException.class);
      assertThat(channel.isOpen()).isFalse();
      return false;
    } finally {
      channel.releaseInbound();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+OK\r\n-ERR no\r\n:17\r\n:-1\r\n_\r\n#t\r\n,1.5\r\n",
        "$5\r\n*9\r\n\n\r\n$-1\r\n*-1\r\n$0\r\n\r\n+OK\r\n",
        "*3\r\n$3\r\nall\r\n*2\r\n:1\r\n*0\r\n$1\r\n7\r\n+OK\r\n",
        "%1\r\n+a\r\n%1\r\n+b\r\n*1\r\n:1\r\n>3\r\n+a\r\n+b\r\n$1\r\n*\r\n+OK\r\n"
      })
  void answer_isTakenHoweverItIsCut(String answer) {
    for (int step : new int[] {1, 2, 3, 1000}) {
      assertThat(isTaken(answer, step)).as(answer).isTrue();
      assertThat(isTaken(answer.repeat(2000), 997)).as(answer).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*2147483647\r\n",
        "*1\r\n*4096\r\n*1\r\n*4096\r\n",
        "%2049\r\n",
        "*99999999999\r\n",
        "*-2\r\n",
        "*1-\r\n",
        "*\r\n",
        "* 5\r\n",
        "*5\n",
        "*1\r1\r\n",
        "*2000\r\r\r\r\r\r\r\n",
        "~4000\r\r\r\r\r\n",
        "$5\r\r\n",
        "|1\r\n",
        "$4294967296\r\n\r\n*2147483647\r\n",
        "!4294967296\r\n\r\n*2147483647\r\n",
        "$2147483646\r\n",
        "#t__*2147483647\r\n",
        "$?\r\n",
        "HTTP/1.1 200 OK\r\n"
      })
  void whatSaysTooMuch_orIsNoAnswer_closesTheConnection(String answer) {
    for (int step : new int[] {1, 1000}) {
      assertThat(isTaken(answer, step)).as(answer).isFalse();
    }
  }

  @Test
  void manyValues_closeTheConnection() {
    assertThat(isTaken("*4095\r\n" + ":1\r\n".repeat(4095), 1000)).isTrue();
    assertThat(isTaken("*64\r\n" + ("*64\r\n" + ":1\r\n".repeat(64)).repeat(64), 1000)).isFalse();
  }

  /** The room for values is made before there is one. */
  @Test
  void lists_ofAServerThatSaysTooMuch_areNotFetched() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread serving = new Thread(() -> serve(server));
      serving.setDaemon(true);
      serving.start();
      try (ValkeyLists lists = ValkeyLists.at("valkey://127.0.0.1:" + server.getLocalPort())) {
        assertThatThrownBy(() -> lists.fetch(null, 0))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("4096 values");
      }
    }
  }

  /** What is received is there once more when it is read. */
  @Test
  void lists_areTakenUpToAQuarterOfMemory() {
    assertThat(ValkeyLists.mostTaken(ValkeyLists.MAX_BYTES, 256L << 20)).isEqualTo(64L << 20);
    assertThat(ValkeyLists.mostTaken(ValkeyLists.MAX_BYTES, 4L << 30))
        .isEqualTo(ValkeyLists.MAX_BYTES);
  }

  private static void serve(ServerSocket server) {
    try (Socket client = server.accept()) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      while (in.read() >= 0) {
        out.write("*5000\r\n".getBytes(StandardCharsets.US_ASCII));
        in.skipNBytes(in.available());
      }
    } catch (IOException e) {
      // It is left.
    }
  }
}
