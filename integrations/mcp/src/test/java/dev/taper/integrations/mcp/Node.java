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
 * tests are skipped, and fail if CI is true.
 */
final class Node {
  static final Path FOLDER = Path.of("node").toAbsolutePath();
  private static final int MINUTES = 4;

  private Node() {}

  /** What a program printed. */
  record Result(int exit, String output) {}

  static void demand() {
    boolean there = Files.isDirectory(FOLDER.resolve("node_modules/@modelcontextprotocol/sdk"));
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there).as("CI=true demands what integrations/mcp/node/install installs").isTrue();
    }
    assumeTrue(there, "skipped: run integrations/mcp/node/install (CI=true makes this a failure)");
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
