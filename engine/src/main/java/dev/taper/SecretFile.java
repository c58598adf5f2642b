package dev.taper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * Files that hold a secret: made for their owner alone, and read only while they still are. A
 * symbolic link counts as what it leads to. Permissions of pipes and devices are not looked at, nor
 * are those of files where the file system has none. What nobody named, but was found in a folder,
 * is read with {@link #readListed}.
 */
public final class SecretFile {
  private static final int BUFFER = 8192;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
      PosixFilePermissions.fromString("rwx------");
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
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, maxBytes);
    }
  }

  /**
   * Reads a file that was found in a folder, whoever else can read or change it. Only a regular
   * file is opened: a pipe or a device would keep the reader waiting, and a link leads elsewhere.
   * Whoever can put a pipe in the file's place meanwhile can make the reader wait.
   *
   * @param file the file
   * @param maxBytes how long it may be
   * @return its bytes
   * @throws IOException if it cannot be read, is longer, or is not a regular file
   */
  public static byte[] readListed(Path file, int maxBytes) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new IOException(file + " is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return read(in, maxBytes);
    }
  }

  // Not readNBytes: a file's stream would ask for the position, which a pipe does not have.
  private static byte[] read(InputStream in, int maxBytes) throws IOException {
    try (Wiped bytes = new Wiped()) {
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
    WholeFile.create(file, bytes, ownerOnly(file));
  }

  /** With what a file is made so that only its owner can read it, from its first moment on. */
  public static FileAttribute<?>[] ownerOnly(Path file) {
    return attributes(file, OWNER_ONLY);
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  /**
   * Makes a folder that only its owner can enter, and those above it, unless it is there.
   *
   * @throws IOException if it cannot be made
   */
  public static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes(folder, OWNER_ONLY_FOLDER));
    }
  }

  /**
   * Makes a file that only its owner can read, in place of one that is there, which keeps its bytes
   * until the new one is on the disk. One writer at a time: a file of the same name with a dot
   * before it and {@code .tmp} behind it is what a killed one leaves.
   *
   * @param maxBytes how long its reader lets it be
   * @throws IOException if it would be longer, or cannot be written; the old one is there then
   */
  public static void replace(Path file, byte[] bytes, int maxBytes) throws IOException {
    Path unfinished = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    create(unfinished, bytes, maxBytes);
    WholeFile.rename(unfinished, file);
  }

  /**
   * Makes a file as {@link #create(Path, byte[])} does, unless nobody could read it again.
   *
   * @param maxBytes how long its reader lets it be
   * @throws FileAlreadyExistsException if there is one; it is not changed
   * @throws IOException if it would be longer, or cannot be written; then there is none
   */
  public static void create(Path file, byte[] bytes, int maxBytes) throws IOException {
    WholeFile.requireReadable(bytes, maxBytes);
    create(file, bytes);
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
