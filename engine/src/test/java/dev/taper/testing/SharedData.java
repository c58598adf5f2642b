package dev.taper.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the published test data is. Tests that read it carry {@link NeedsSharedData}. */
public final class SharedData {
  /** The system property that names the folder. */
  public static final String PROPERTY = "taper.shared";

  /** What it is called among what tests need. */
  public static final String NEED = "published-data";

  private SharedData() {}

  /**
   * The path of a file or folder of the test data.
   *
   * @throws AssertionError if it does not exist
   */
  public static Path path(String first, String... more) {
    Path root = root();
    Path data = Files.isDirectory(root.resolve("data")) ? root.resolve("data") : root;
    Path path = data.resolve(Path.of(first, more));
    if (!Files.exists(path)) {
      throw new AssertionError("missing test data: " + path.toAbsolutePath().normalize());
    }
    return path;
  }

  static Path root() {
    return Path.of(System.getProperty(PROPERTY, "../shared"));
  }
}
