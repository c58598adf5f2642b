package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In a heap of 256 MiB, default memories take 10,000 allowed calls a second. In a build, a memory
 * does so for more than two windows, and a whole verifier for a moment; with {@code
 * -Dtaper.simulated-seconds=N} each does for N seconds.
 */
class ReplayLoadTest {
  private static final String SECONDS = "taper.simulated-seconds";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void memory_tenThousandCallsASecond_takesThem(int delegators) throws Exception {
    run("memory", delegators, Integer.getInteger(SECONDS, 200));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void verifier_tenThousandCallsASecond_allowsThem(int delegators) throws Exception {
    run("verifier", delegators, Integer.getInteger(SECONDS, 2));
  }

  private void run(String what, int delegators, int seconds)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ReplayLoad.class.getName(),
                    what,
                    Integer.toString(delegators),
                    Integer.toString(seconds)))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int exit = child.waitFor();

    assertThat(exit).as(Files.readString(out)).isZero();
    assertThat(Files.readString(out)).contains("used ones were tried again");
  }
}
