package dev.taper.server.keeper;

import dev.taper.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs, and keepers as processes of their own. */
final class Programs {
  private static final int PATIENCE = 180; // seconds

  private Programs() {}

  /**
   * What a program left.
   *
   * @param status its exit code
   * @param out what it printed
   * @param err its complaints
   */
  record Ran(int status, String out, String err) {}

  static Ran run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    return new Ran(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /** The command of a program of this build: {@code server.Main}, {@code cli.Main}. */
  static List<String> java(String main, String... arguments) {
    return ChildJvm.command(main, arguments);
  }
}
