package dev.taper.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.SignatureBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every benchmark with every combination of parameters that is measured, for a moment, so that
 * none can rot. Times mean nothing. A JVM has one signature backend, so there is a JVM for each.
 */
class SmokeTest {
  private static final int TIMEOUT_MINUTES = 20;

  @TempDir private Path folder;

  @Test
  void benchmarks_everyCombination_work() throws IOException, InterruptedException {
    List<String> failed = new ArrayList<>();
    List<Process> running = new ArrayList<>();
    List<SignatureBackend> backends = SignatureBackend.available();
    for (SignatureBackend backend : backends) {
      running.add(start(backend.name()));
    }
    for (int i = 0; i < running.size(); i++) {
      Process process = running.get(i);
      boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        failed.add(backends.get(i) + ": " + Files.readString(log(backends.get(i).name())));
      }
    }
    assertThat(failed).isEmpty();
  }

  private Process start(String backend) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dtaper.crypto.backend=" + backend,
            "-Dtaper.benchmarks.folder=" + folder,
            // Room for all, because here one JVM runs all.
            "-Dtaper.crypto.known-keys.bytes=" + KnownKeys.DEFAULT_BYTES,
            // Another build on the same machine may run this test at the same time.
            "-Djmh.ignoreLock=true",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.taper.benchmarks.report.Smoke",
            backend)
        .redirectErrorStream(true)
        .redirectOutput(log(backend).toFile())
        .start();
  }

  private Path log(String backend) {
    return folder.resolve(backend + ".log");
  }
}
