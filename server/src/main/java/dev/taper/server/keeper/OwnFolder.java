package dev.taper.server.keeper;

import dev.taper.SecretFile;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folders of this process's user alone, and locks in them. */
final class OwnFolder {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private OwnFolder() {}

  /**
   * Makes a folder that only its owner can enter, or takes one that is.
   *
   * @throws OperationException {@code secret_exposed} if others can enter it, or own it; {@code io}
   *     if it cannot be made
   */
  static void make(Path folder) {
    try {
      SecretFile.makeFolder(folder);
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
      boolean exposed = permissions.stream().anyMatch(OTHERS::contains);
      if (exposed || !Files.getOwner(folder).equals(user(folder))) {
        throw new OperationException(
            Kind.USAGE,
            "secret_exposed",
            "a keeper needs a folder that nobody else can enter; "
                + folder
                + " is of "
                + Files.getOwner(folder).getName()
                + " with "
                + PosixFilePermissions.toString(permissions)
                + ": name one in a folder of your own, or chmod 700",
            null);
      }
    } catch (IOException e) {
      throw OperationException.io("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The user of this process, by the files that it makes. */
  static UserPrincipal user(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, ".", ".tmp", SecretFile.ownerOnly(folder));
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  /**
   * Locks a file until the process ends or the lock is closed.
   *
   * @param code of the failure if another process has it
   * @throws OperationException that code; {@code io} if there can be no such file
   */
  static AutoCloseable lock(Path file, String code, String message) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              SecretFile.ownerOnly(file));
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it, which is as bad.
    } catch (IOException e) {
      close(channel);
      throw OperationException.io("cannot lock " + file + ": " + e.getMessage(), e);
    }
    close(channel);
    throw new OperationException(Kind.IO, code, message, null);
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The operating system closes it with the process.
    }
  }
}
