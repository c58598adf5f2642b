package dev.taper.agent.memory;

import dev.taper.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;

/** Folders that only their owner can change. */
final class OwnFolder {
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private OwnFolder() {}

  /**
   * Makes a folder that only its owner can enter, and those above it, if it is not there.
   *
   * @throws IOException if it cannot be made, or is there and others than its owner can change it:
   *     who deletes or replaces a file in it makes a memory forget
   */
  static void make(Path folder) throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix
        && Files.isDirectory(folder)
        && !Collections.disjoint(Files.getPosixFilePermissions(folder), OTHERS_WRITE)) {
      throw new IOException(
          "others than its owner can change the folder " + folder + "; use chmod go-w on it");
    }
    SecretFile.makeFolder(folder);
  }
}
