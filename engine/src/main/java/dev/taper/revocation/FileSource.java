package dev.taper.revocation;

import dev.taper.Given;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Reads signed lists from a file. The file must be replaced as a whole: written beside it and
 * renamed. Thread-safe.
 *
 * <p>Each fetch tells by the file's time, size and file key whether it changed. Watching the folder
 * would tell nothing on network and container mounts, or when a link above the file is changed;
 * looking every second costs less than a microsecond of processor time per millisecond. If a writer
 * rewrites the file in place within one tick of its clock, to the same size, this is not noticed
 * before the next change. A signed list that was cut while it was read is refused.
 */
final class FileSource implements RevocationSource {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;

  private FileSource(Path file) {
    this.file = file;
  }

  /** Makes a source that reads a file. */
  public static FileSource of(Path file) {
    return new FileSource(Given.that(file, "the file of a revocation list"));
  }

  @Override
  public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
    // Taken before the file is opened: if it is replaced in between, the next fetch reads it again.
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    String current = now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    if (current.equals(version)) {
      return null;
    }
    InputStream in = Files.newInputStream(file);
    return new Content(new BufferedInputStream(in, BUFFER_BYTES), current);
  }

  /** The file. */
  @Override
  public String toString() {
    return file.toString();
  }
}
