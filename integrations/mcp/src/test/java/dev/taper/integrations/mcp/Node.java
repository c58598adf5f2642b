package dev.taper.integrations.mcp;

import dev.taper.testing.Needed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Programs on Node.js, with the packages that {@code node/install} installs. They need those: see
 * {@link Needed}.
 */
final class Node {
  static final Path FOLDER = Path.of("node").toAbsolutePath();
  private static final int MINUTES = 20;

  private Node() {}

  /** What a program printed. */
  record Result(int exit, String output) {}

  static void demand() {
    Needed.nodePackages(FOLDER.resolve("node_modules"), "@modelcontextprotocol/sdk");
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
