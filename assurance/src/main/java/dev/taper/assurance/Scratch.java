package dev.taper.assurance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** A file for readers that read only files; written anew for each input, which is quick. */
final class Scratch {
  private final Path file;

  Scratch(String name) {
    try {
      Path folder = Files.createTempDirectory("taper-assurance");
      this.file = folder.resolve(name);
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the file is. */
  Path path() {
    return file;
  }

  /** What a reader says of a file with this content; one reader at a time. */
  synchronized boolean with(byte[] content, Predicate<Path> reader) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reader.test(file);
  }
}
