package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a started server is given, and how it ends. */
class ServerProcessTest {
  @Test
  void environment_hasNotWhatIsWithheld() throws Exception {
    assertThat(System.getenv()).containsKey("HOME");
    try (ServerProcess process = ServerProcess.start(List.of("env"), "HOME")) {
      String given = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(given.lines().map(line -> line.replaceFirst("=.*", "")))
          .contains("PATH")
          .doesNotContain("HOME")
          .noneMatch(name -> name.startsWith("TAPER_"));
    }
  }

  /** Whoever waits for a server whose words nobody reads any more is told. */
  @Test
  void reading_thatFails_endsTheLink() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    String said = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}";
    try (ServerProcess process =
        ServerProcess.start(List.of("sh", "-c", "echo '" + said + "'; sleep 60"), "HOME")) {
      ProcessLink link =
          ProcessLink.start(
              process,
              new Link.Receiver() {
                @Override
                public void received(RpcMessage message, @Nullable Object about) {
                  throw new Error("of a test");
                }

                @Override
                public void broken(RpcFault fault, @Nullable Object about) {}

                @Override
                public void ended(String reason) {
                  ended.countDown();
                }
              },
              1 << 16);
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      link.close();
    }
  }
}
