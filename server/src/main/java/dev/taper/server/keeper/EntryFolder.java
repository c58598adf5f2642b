package dev.taper.server.keeper;

import dev.taper.SecretFile;
import dev.taper.WholeFile;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of one user with a small JSON file for each entry, which is there whole or not at all,
 * whenever the process is killed. Used by one process at a time; thread-safe for different names.
 */
final class EntryFolder {
  private static final String SUFFIX = ".json";
  private static final String UNFINISHED = ".tmp";
  private static final int MAX_BYTES =
      2 * RequestReader.MAX_BYTES; // what came in a request, escaped

  private final Path folder;

  private EntryFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder, and makes it if there is none; what a killed process left unfinished goes away.
   *
   * @throws OperationException {@code io} if it cannot be used, {@code secret_exposed} if others
   *     can get at it
   */
  static EntryFolder open(Path folder) {
    OwnFolder.make(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") && name.endsWith(UNFINISHED)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw OperationException.io("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
    return new EntryFolder(folder);
  }

  /**
   * Reads all entries by their names.
   *
   * @throws OperationException {@code io} if one cannot be read, {@code secret_exposed} if others
   *     can get at it
   */
  SortedMap<String, String> read() {
    SortedMap<String, String> entries = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)) {
          SecretFile.requirePrivate(file);
          byte[] bytes = SecretFile.readListed(file, MAX_BYTES);
          entries.put(
              name.substring(0, name.length() - SUFFIX.length()),
              new String(bytes, StandardCharsets.UTF_8));
        }
      }
      return entries;
    } catch (IOException e) {
      throw OperationException.io("cannot read what is kept in " + folder + ": " + e, e);
    }
  }

  /**
   * Writes an entry, in place of one of that name, and returns when it is on the disk.
   *
   * @throws KeeperRefusal {@code store_unavailable} if it cannot be written; then nothing changed
   */
  void write(String name, String json) {
    try {
      SecretFile.replace(file(name), json.getBytes(StandardCharsets.UTF_8), MAX_BYTES);
    } catch (IOException e) {
      throw unavailable("write", e);
    }
  }

  /**
   * Deletes an entry, if there is one.
   *
   * @throws KeeperRefusal {@code store_unavailable} if it cannot be deleted
   */
  void delete(String name) {
    try {
      WholeFile.delete(file(name));
    } catch (IOException e) {
      throw unavailable("delete", e);
    }
  }

  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  private static KeeperRefusal unavailable(String what, IOException e) {
    return KeeperRefusal.unavailable(
        507, "store_unavailable", "the keeper cannot " + what + " the file: " + e.getMessage(), e);
  }
}
