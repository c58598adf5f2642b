package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that no other process can open: only its owner may read it, and its name is removed as
 * soon as it is open, so that it disappears with the process, however that ends. (Windows removes
 * no name of an open file; there it stays until the process or the next cleaning of the folder.)
 * One thread writes it, then it is mapped.
 *
 * <p>{@link #close} cuts the file to nothing, which frees disk and resident memory at once. The
 * mapping itself stays until the garbage collector finds it, and takes addresses only. To unmap it
 * at once would be unsafe: a thread that still reads it would crash the process, and counting
 * readers costs every look-up. A thread that still reads a file that was closed reads nonsense, or
 * gets an {@link InternalError}, possibly later; readers therefore must be able to tell what is
 * genuine.
 */
final class PrivateFile implements AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;

  /** What is left to others on the same disk, such as an audit log. */
  private static final long RESERVE = 16L * MEBIBYTE;

  /** How much is written between two looks at what is left. */
  private static final long STEP = 16L * MEBIBYTE;

  /** Volatile, so that no compiler knows it. */
  private static volatile int one = 1;

  private final RandomAccessFile file;
  private final Path folder;
  private final RunStorage.Space space;
  private long written; // since the last look; by the thread that writes

  private PrivateFile(RandomAccessFile file, Path folder, RunStorage.Space space) {
    this.file = file;
    this.folder = folder;
    this.space = space;
  }

  /**
   * Makes an empty file, if there is room for what it will hold.
   *
   * @param folder where; null for the folder of the system property {@code java.io.tmpdir}
   * @param bytes how long it will be
   * @param space says how much room there is
   * @throws TaperException {@link ErrorCode#REVOCATIONS_TOO_LARGE} if the disk has less room
   * @throws IOException if it cannot be made
   */
  static PrivateFile create(@Nullable Path folder, long bytes, RunStorage.Space space)
      throws IOException {
    Path name =
        folder == null
            ? Files.createTempFile("taper-", ".revocations")
            : Files.createTempFile(folder, "taper-", ".revocations");
    try {
      Path parent = Objects.requireNonNull(name.toAbsolutePath().getParent());
      PrivateFile made = new PrivateFile(new RandomAccessFile(name.toFile(), "rw"), parent, space);
      try {
        made.requireRoom(bytes);
        return made;
      } catch (IOException | RuntimeException e) {
        made.close();
        throw e;
      }
    } finally {
      Files.deleteIfExists(name);
    }
  }

  /**
   * Refuses what the disk has no room for, with 16 MiB left to others.
   *
   * @param bytes what is to be written
   * @throws TaperException {@link ErrorCode#REVOCATIONS_TOO_LARGE} if the disk has less room
   */
  void requireRoom(long bytes) throws IOException {
    long free = space.left(folder);
    if (free - RESERVE < bytes) {
      throw new TaperException(
          ErrorCode.REVOCATIONS_TOO_LARGE,
          "the revocation list takes "
              + (bytes + MEBIBYTE - 1) / MEBIBYTE
              + " MiB in "
              + folder
              + ", which has "
              + free / MEBIBYTE
              + " MiB left");
    }
  }

  /**
   * Reads mappings. A page that cannot be read makes its error strike here and nothing else that
   * this thread does, even a page of which the answer needed nothing.
   *
   * @throws UnreadableListException if a page could not be read, or the work throws it
   */
  static <T extends @Nullable Object> T reading(Supplier<T> work) {
    try {
      return readingOnce(work);
    } catch (InternalError e) {
      // Thrown by compiled code while what came of the same page was handled.
      throw new UnreadableListException();
    }
  }

  private static <T extends @Nullable Object> T readingOnce(Supplier<T> work) {
    T read;
    try {
      read = work.get();
    } catch (UnreadableListException | InternalError e) {
      boolean unused = takeFault();
      throw new UnreadableListException();
    }
    if (takeFault()) {
      throw new UnreadableListException();
    }
    return read;
  }

  /**
   * Takes the error of a page that could not be read, if there is one. Java 17 throws it when the
   * thread next needs the VM itself, as it does for an array of arrays whose sizes are not known
   * before; system calls are not enough.
   */
  private static boolean takeFault() {
    try {
      byte[][] unused = new byte[one][one];
      return false;
    } catch (InternalError e) {
      return true;
    }
  }

  /**
   * Writes bytes at a place.
   *
   * @throws TaperException as {@link #requireRoom}, if others took the room meanwhile, or more is
   *     written than was asked for
   */
  void write(long at, byte[] bytes, int from, int length) throws IOException {
    if (written >= STEP) {
      requireRoom(STEP);
      written = 0;
    }
    written += length;
    file.seek(at);
    file.write(bytes, from, length);
  }

  /** Maps what was written, to be read only. */
  ByteBuffer map(long bytes) throws IOException {
    return file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, bytes);
  }

  /** Cuts it, for {@link #close} and tests. */
  void cut(long bytes) throws IOException {
    file.setLength(bytes);
  }

  /** Frees the disk; mappings can no longer be read. */
  @Override
  public void close() {
    try (file) {
      cut(0);
    } catch (IOException e) {
      // The disk is freed once the garbage collector finds the mapping.
    }
  }
}
