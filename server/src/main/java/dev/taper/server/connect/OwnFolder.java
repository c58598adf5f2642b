package dev.taper.server.connect;

import dev.taper.SecretFile;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A folder of files that only its owner can change, and that are there whole or not at all.
 * Immutable and thread-safe.
 *
 * @param path where it is
 */
record OwnFolder(Path path) {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("----w--w-");

  private static final String ROOT = "root";

  /** Where the operating system shows this process, as its user's. */
  private static final Path SELF = Path.of("/proc/self");

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
      boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
      if (!Files.isDirectory(path)) {
        FileAttribute<?>[] own =
            posix
                ? new FileAttribute<?>[] {
                  PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Files.createDirectories(path, own);
      }
      if (posix && Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains)) {
        throw exposed("others can put files into " + path + ": chmod go-w");
      }
      if (posix && isSomebodyElses(path)) {
        throw exposed(
            path
                + " is of "
                + Files.getOwner(path).getName()
                + ", who can put files into it: chown");
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

  /** True if neither this process's user owns it, nor the one who can do everything anyway. */
  private static boolean isSomebodyElses(Path path) throws IOException {
    UserPrincipal owner = Files.getOwner(path);
    if (owner.getName().equals(ROOT)) {
      return false;
    }
    if (Files.exists(SELF)) {
      return !owner.equals(Files.getOwner(SELF));
    }
    return ProcessHandle.current().info().user().filter(owner.getName()::equals).isEmpty();
  }

  /** The files with an ending. */
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

  /** Puts a file there that only its owner can read. */
  void put(String name, byte[] bytes) throws IOException {
    Path hidden = path.resolve("." + name + ".new");
    Files.deleteIfExists(hidden);
    SecretFile.create(hidden, bytes);
    Files.move(hidden, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
