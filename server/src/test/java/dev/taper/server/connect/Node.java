package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Programs on Node.js, with the packages that {@code src/test/node/install} installs. Without those
 * their tests are skipped, and fail where everything has to be there.
 */
final class Node {
  private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();

  private Node() {}

  static void demand() {
    boolean isThere =
        Files.isDirectory(FOLDER.resolve("node_modules/@modelcontextprotocol/server-filesystem"));
    if ("true".equals(System.getenv("CI")) || Files.isDirectory(Path.of("../../shared"))) {
      assertThat(isThere).as("what server/src/test/node/install installs is needed").isTrue();
    }
    assumeTrue(isThere, "skipped: run server/src/test/node/install");
  }

  /** The main program of a package. */
  static String main(String name) {
    return FOLDER
        .resolve("node_modules/@modelcontextprotocol/" + name + "/dist/index.js")
        .toString();
  }

  static String script(String name) {
    return FOLDER.resolve(name).toString();
  }
}
