package dev.taper;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/** Writes files as a whole, so that readers, and a crash, see the old or the new one. */
public final class WholeFile {
  private static final Set<OpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final int BUFFER_BYTES = 1 << 16;

  private WholeFile() {}

  /**
   * Replaces a file, or makes it. A symbolic link keeps its target. One writer at a time: each uses
   * the same file beside it, with the same name and {@code .new}.
   *
   * @throws IOException if it cannot be written; the old one is there then
   */
  public static void replace(Path file, byte[] bytes) throws IOException {
    replace(file, out -> out.write(bytes));
  }

  /**
   * Replaces a file as {@link #replace(Path, byte[])} does, unless nobody could read it again.
   *
   * @param maxBytes how long its reader lets it be
   * @throws IOException if it would be longer, or cannot be written; the old one is there then
   */
  public static void replace(Path file, byte[] bytes, int maxBytes) throws IOException {
    requireReadable(bytes, maxBytes);
    replace(file, bytes);
  }

  static void requireReadable(byte[] bytes, int maxBytes) throws IOException {
    if (bytes.length > maxBytes) {
      throw new IOException("it would be longer than " + maxBytes + " bytes");
    }
  }

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes it to its end.
     *
     * @throws IOException if it cannot be read or written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Replaces a file as {@link #replace(Path, byte[])} does, with what need not fit into memory.
   *
   * @throws IOException if it cannot be written; the old one is there then
   */
  public static void replace(Path file, Content content) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path temporary = target.resolveSibling(target.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      try {
        OutputStream buffered =
            new BufferedOutputStream(Channels.newOutputStream(out), BUFFER_BYTES);
        content.writeTo(buffered);
        buffered.flush();
        out.force(true);
      } catch (IOException | RuntimeException e) {
        free(out, e);
        throw e;
      }
    }
    rename(temporary, target);
  }

  /**
   * Makes a file. Its bytes and its name are on the disk when this returns.
   *
   * @param attributes the file's, from its first moment on
   * @throws FileAlreadyExistsException if there is one; it is not changed
   * @throws IOException if it cannot be written; then there is none
   */
  public static void create(Path file, byte[] bytes, FileAttribute<?>... attributes)
      throws IOException {
    try (FileChannel out = FileChannel.open(file, NEW_FILE, attributes)) {
      write(out, bytes);
      forceFolder(file);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /**
   * Gives a file another name, in place of one that has it; on the disk, when this returns.
   *
   * @throws IOException if it cannot; then it has one of the two names
   */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(to);
  }

  /** Gives back what a file took that may have filled the disk. */
  private static void free(FileChannel out, Exception failure) {
    try {
      out.truncate(0);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void write(FileChannel out, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      out.write(left);
    }
    out.force(true);
  }

  /**
   * Deletes a file if it is there; it is gone from the disk when this returns.
   *
   * @throws IOException if it cannot be deleted
   */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      forceFolder(file);
    }
  }

  /**
   * Has the names in a file's folder on the disk, where folders can be opened: on POSIX.
   *
   * @throws IOException if that cannot be done
   */
  public static void forceFolder(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel folder =
          FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }
}
