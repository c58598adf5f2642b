package dev.taper.server.connect;

import dev.taper.SecretFile;
import dev.taper.WholeFile;
import dev.taper.operations.OperationException;
import dev.taper.server.process.FolderRights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of files that only its owner can change, and that are there whole or not at all.
 * Immutable and thread-safe.
 *
 * @param path where it is
 */
record OwnFolder(Path path) {
  /** The most files that are looked at. */
  private static final int MOST = 4096;

  /**
   * Takes a folder, or makes it for its owner alone.
   *
   * @throws OperationException {@code folder_exposed} if others can change or own it, {@code io} if
   *     it cannot be made
   */
  static OwnFolder of(Path path) {
    try {
      SecretFile.makeFolder(path);
      String exposed = FolderRights.exposed(path);
      if (exposed != null) {
        throw exposed(exposed);
      }
    } catch (IOException e) {
      throw OperationException.io("cannot use the folder " + path, e);
    }
    return new OwnFolder(path);
  }

  private static OperationException exposed(String how) {
    return new OperationException(
        OperationException.Kind.USAGE,
        "folder_exposed",
        how + ", after a look at what is in it",
        null);
  }

  /** What has an ending: files, or something else that {@link #read} refuses. */
  List<Path> files(String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path, "*" + ending)) {
      for (Path file : all) {
        if (files.size() == MOST) {
          throw new IOException("more than " + MOST + " files in " + path);
        }
        files.add(file);
      }
    }
    return files;
  }

  /**
   * Reads what was found there, without white space around it.
   *
   * @param maxBytes how long it may be
   * @throws IOException if it cannot be read, is longer, or is not a regular file
   */
  static String read(Path file, int maxBytes) throws IOException {
    return new String(SecretFile.readListed(file, maxBytes), StandardCharsets.UTF_8).strip();
  }

  /** Puts a file there that only its owner can read; on the disk, when this returns. */
  void put(String name, byte[] bytes) throws IOException {
    Path hidden = path.resolve("." + name + ".new");
    Files.deleteIfExists(hidden);
    SecretFile.create(hidden, bytes);
    WholeFile.rename(hidden, path.resolve(name));
  }
}
