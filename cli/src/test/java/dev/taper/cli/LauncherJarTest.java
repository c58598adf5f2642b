package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the jar of the launcher: what it was stripped of must not be missed. */
class LauncherJarTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo --lifecycle"})
  void demo_withTheLaunchersJar_endsWell(String command) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path jar = Path.of("target", "taper.jar").toAbsolutePath();
    // A checkout's path may hold spaces; the command's words hold none.
    List<String> line = new ArrayList<>(List.of(java.toString(), "-jar", jar.toString()));
    line.addAll(List.of((command + " --dir fresh").split(" ")));
    Process process =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).endsWith("Everything went as it must.\n");
  }
}
