package dev.taper.agent.memory;

import dev.taper.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads and processes take turns, by a lock on an empty file. Whoever waits gives up at the
 * thread's deadline. A process that ends leaves its turn. Thread-safe.
 */
final class FileTurn {
  /** How long to wait without a deadline. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofNanos(200_000);

  /**
   * The threads of this process take turns here, for a lock of a file belongs to the process: it
   * would be lost with any channel on the file that another thread closes. They do so in the order
   * in which they come: else whoever asks again at once keeps all others waiting.
   */
  private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_PROCESS =
      new ConcurrentHashMap<>();

  /** What is done alone. */
  interface Work<T> {
    T run() throws IOException;
  }

  private final Path file;

  /**
   * Takes turns at a file, which is made when it is needed.
   *
   * @param file the file, of which only the name counts
   */
  FileTurn(Path file) {
    this.file = file;
  }

  /**
   * Waits for a turn and does work in it.
   *
   * @throws IOException if the file cannot be used, or others had it until the deadline
   */
  <T> T take(Work<T> work) throws IOException {
    Deadline given = Deadline.current();
    Deadline deadline = given == null ? Deadline.in(PATIENCE) : given;
    make();
    ReentrantLock turn =
        IN_THIS_PROCESS.computeIfAbsent(file.toRealPath(), path -> new ReentrantLock(true));
    lock(turn, deadline);
    try {
      while (true) {
        make();
        Object before = key();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            FileLock lock = lock(channel, deadline)) {
          // Who deletes the file makes another lock of it.
          if (lock.isValid() && Objects.equals(before, key())) {
            return work.run();
          }
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private void make() throws IOException {
    if (Files.notExists(file)) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        // Another one just made it.
      }
    }
  }

  private @Nullable Object key() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private void lock(ReentrantLock turn, Deadline deadline) throws IOException {
    try {
      if (!turn.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private FileLock lock(FileChannel channel, Deadline deadline) throws IOException {
    while (true) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      if (deadline.left().isZero()) {
        throw busy();
      }
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this process, by another name of the file
    }
  }

  private IOException busy() {
    return new IOException("others had " + file + " all the time");
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the thread was interrupted while it waited for its turn");
  }
}
