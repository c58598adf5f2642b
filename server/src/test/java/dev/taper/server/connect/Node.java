package dev.taper.server.connect;

import dev.taper.testing.Needed;
import java.nio.file.Path;

/**
 * Programs on Node.js, with the packages that {@code src/test/node/install} installs. Without those
 * their tests are skipped, and fail where everything has to be there.
 */
final class Node {
  private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();

  private Node() {}

  static void demand() {
    Needed.nodePackages(FOLDER.resolve("node_modules"), "@modelcontextprotocol/server-filesystem");
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
