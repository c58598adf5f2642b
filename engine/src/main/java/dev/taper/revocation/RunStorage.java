package dev.taper.revocation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where sorted runs are kept: on the heap if they are small, so that small lists and deltas need no
 * disk, and in private files otherwise. Immutable and thread-safe.
 *
 * @param folder where private files are made; null for the folder of {@code java.io.tmpdir}
 * @param maxHeapEntries the most entries of a run on the heap
 * @param space how many bytes a folder's disk has left
 */
record RunStorage(@Nullable Path folder, int maxHeapEntries, Space space) {
  /** The most entries of a run on the heap, about 1.7 MiB. */
  static final int MAX_HEAP_ENTRIES = 1 << 16;

  static final RunStorage DEFAULT = new RunStorage(null, MAX_HEAP_ENTRIES, Space.USABLE);

  /** Tells how many bytes a folder's disk has left. */
  @FunctionalInterface
  interface Space {
    /** What the operating system says. */
    Space USABLE = folder -> Files.getFileStore(folder).getUsableSpace();

    /** Asks it. */
    long left(Path folder) throws IOException;
  }

  /** What a run is written to: an array, or a file. */
  static final class Target implements AutoCloseable {
    private final byte[] heap;
    private final @Nullable PrivateFile file;

    private Target(byte[] heap, @Nullable PrivateFile file) {
      this.heap = heap;
      this.file = file;
    }

    void write(long at, byte[] bytes, int length) throws IOException {
      if (file == null) {
        System.arraycopy(bytes, 0, heap, (int) at, length);
      } else {
        file.write(at, bytes, 0, length);
      }
    }

    ByteBuffer read(long bytes) throws IOException {
      return file == null ? ByteBuffer.wrap(heap) : file.map(bytes);
    }

    /** The file; null for an array. */
    @Nullable PrivateFile file() {
      return file;
    }

    @Override
    public void close() {
      if (file != null) {
        file.close();
      }
    }
  }

  /** Makes room for a run. */
  Target target(int entries, long bytes) throws IOException {
    return entries <= maxHeapEntries
        ? new Target(new byte[(int) bytes], null)
        : new Target(new byte[0], PrivateFile.create(folder, bytes, space));
  }
}
