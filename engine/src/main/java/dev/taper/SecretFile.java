package dev.taper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * Files that hold a secret: made for their owner alone, and read only while they still are. A
 * symbolic link counts as what it leads to. Pipes and devices are not looked at, nor are files
 * where the file system has no such permissions.
 */
public final class SecretFile {
  private static final int BUFFER = 8192;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rw-rw-");

  private SecretFile() {}

  /**
   * Reads a file that only its owner can read and write.
   *
   * @param file the file
   * @param maxBytes how long it may be
   * @return its bytes, for the caller to overwrite
   * @throws IOException if it cannot be read, or is longer
   * @throws TaperException {@link ErrorCode#SECRET_EXPOSED} if others can read or change it
   */
  public static byte[] read(Path file, int maxBytes) throws IOException {
    requirePrivate(file);
    return readThoughOthersCan(file, maxBytes);
  }

  /**
   * Reads a file, whoever else can read or change it: for places whose owner says that this is
   * meant, such as a secret that a cluster hands to one container.
   *
   * @throws IOException if it cannot be read, or is longer
   */
  public static byte[] readThoughOthersCan(Path file, int maxBytes) throws IOException {
    // Not readNBytes: a file's stream would ask for the position, which a pipe does not have.
    try (InputStream in = Files.newInputStream(file);
        Wiped bytes = new Wiped()) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
        if (bytes.size() > maxBytes) {
          throw new IOException("it is longer than " + maxBytes + " bytes");
        }
      }
      Arrays.fill(buffer, (byte) 0);
      return bytes.toByteArray();
    }
  }

  /**
   * Refuses a file that others can read or change.
   *
   * @throws IOException if it cannot be looked at
   * @throws TaperException {@link ErrorCode#SECRET_EXPOSED} if they can
   */
  public static void requirePrivate(Path file) throws IOException {
    if (!isPosix(file) || !Files.isRegularFile(file)) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    for (PosixFilePermission permission : permissions) {
      if (OTHERS.contains(permission)) {
        throw new TaperException(
            ErrorCode.SECRET_EXPOSED,
            "others can get at this secret, its file has the permissions "
                + PosixFilePermissions.toString(permissions)
                + ": if they should not have, replace the secret; then chmod 600");
      }
    }
  }

  /**
   * Makes a file that only its owner can read, from its first moment on. Its bytes and its name are
   * on the disk when this returns.
   *
   * @throws FileAlreadyExistsException if there is one; it is not changed
   * @throws IOException if it cannot be written; then there is none
   */
  public static void create(Path file, byte[] bytes) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    WholeFile.create(file, bytes, attributes);
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Leaves nothing behind of what it collected, as far as its last array goes. */
  private static final class Wiped extends ByteArrayOutputStream {
    @Override
    public void close() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
