package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Programs on Node.js, with the packages that {@code node/install} installs. Without those their
 * tests fail where CI is true or the published data lies beside the clone; anywhere else they are
 * skipped.
 */
final class Node {
  static final Path FOLDER = Path.of("node").toAbsolutePath();
  private static final Path SHARED_DATA = Path.of("..", "..", "..", "shared", "data");
  private static final int MINUTES = 4;

  private Node() {}

  /** What a program printed. */
  record Result(int exit, String output) {}

  /** True unless this may be a clone from outside, whose owner installs nothing. */
  static boolean isDemanded() {
    return Files.isDirectory(SHARED_DATA) || "true".equals(System.getenv("CI"));
  }

  static void demand() {
    demand(FOLDER.resolve("node_modules"), isDemanded());
  }

  static void demand(Path modules, boolean demanded) {
    boolean there = Files.isDirectory(modules.resolve("@modelcontextprotocol/sdk"));
    if (!demanded) { // only an outside clone without the packages may leave it out
      assumeTrue(there, "skipped: run integrations/mcp/node/install");
    }
    assertThat(there).as("integrations/mcp/node/install has to be run").isTrue();
  }

  static Result run(String... arguments) throws IOException, InterruptedException {
    return runWith("", arguments);
  }

  static Result runWith(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("node", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(FOLDER.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(output.toFile())
              .start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("it did not end: " + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
