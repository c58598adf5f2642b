package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.operations.OperationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a started server is given, and how it ends. */
class ServerProcessTest {
  private static final Link.Receiver NOBODY =
      new Link.Receiver() {
        @Override
        public void received(RpcMessage message, @Nullable Object about) {}

        @Override
        public void broken(RpcFault fault, @Nullable Object about) {}

        @Override
        public void ended(String reason) {}
      };

  /** Lets this thread start some threads more, and then none. */
  private static final class Threads extends InheritableThreadLocal<Boolean> {
    private int left;

    Threads(int left) {
      this.left = left;
    }

    @Override
    protected Boolean childValue(Boolean parent) {
      if (left-- <= 0) {
        throw new OutOfMemoryError("of a test");
      }
      return parent;
    }

    void during(Runnable work) {
      set(true);
      try {
        work.run();
      } finally {
        remove();
      }
    }
  }

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

  /** One that is started before it is known that no thread can await its end is nobody's. */
  @Test
  void start_whereTooFewThreadsAreLeft_startsNothing() {
    List<String> command = List.of("sleep", "60");
    long before = ProcessHandle.current().children().count();
    assertThatThrownBy(() -> new Threads(5).during(() -> ServerProcess.start(command, null)))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("too few threads");
    assertThat(ProcessHandle.current().children().count()).isLessThanOrEqualTo(before);
    ServerProcess.start(command, null).close();
  }

  @Test
  void close_whereNoThreadCanBeStarted_endsItAllTheSame() {
    ServerProcess process = ServerProcess.start(List.of("sleep", "60"), null);
    assertThatCode(() -> new Threads(0).during(process::close)).doesNotThrowAnyException();
    assertThat(process.isAlive()).isFalse();
  }

  /** Whoever wanted the link has nothing that it could close. */
  @Test
  void link_forWhichNoThreadCanBeStarted_leavesNothing() throws Exception {
    ServerProcess process = ServerProcess.start(List.of("sleep", "60"), null);
    assertThatThrownBy(
            () -> new Threads(1).during(() -> ProcessLink.start(process, NOBODY, 1 << 16)))
        .hasMessage("of a test");
    String own = String.valueOf(process.pid());
    for (int i = 0; i < 100 && (process.isAlive() || threads(own) > 0); i++) {
      Thread.sleep(100);
    }
    assertThat(process.isAlive()).isFalse();
    assertThat(threads(own)).isZero();
  }

  private static long threads(String pid) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("server " + pid))
        .count();
  }
}
