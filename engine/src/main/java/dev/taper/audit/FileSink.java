package dev.taper.audit;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a file: JSON Lines, a record each, only ever appended to. The file can be read by its
 * owner alone, and is written by one process at a time, which holds two locks: on a file beside it
 * with the same name and {@code .lock}, and on the file itself. Deleting the former lets no second
 * writer in. The latter alone would not do, because a process loses it with any channel on the file
 * that it closes, such as a reader's.
 *
 * <p>{@link #append} returns when the system says that the disk has the records ({@code fsync}).
 * When it fails, the file is cut back to where it was. A record that a crash cut off in the middle
 * is dropped when the file is opened again; nobody had been told that it was safe.
 */
final class FileSink implements AuditSink {
  private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);

  /** Says when a record counts as safe. */
  private enum Safety {
    ON_DISK,
    WITH_THE_SYSTEM
  }

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final LogFile file;
  private final @Nullable FileChannel lock;
  private final Safety safety;
  private final AuditContent.@Nullable LogRecovery recovery;
  private @Nullable AuditRecord last;
  private long end;
  private boolean dirty;

  private FileSink(LogFile file, @Nullable FileChannel lock, Safety safety, Clock clock)
      throws IOException {
    this.file = file;
    this.lock = lock;
    this.safety = safety;
    FileTail tail = FileTail.read(file);
    this.last = tail.last();
    this.end = tail.end();
    this.recovery =
        tail.torn() == 0
            ? null
            : new AuditContent.LogRecovery(clock.instant(), tail.torn(), tail.tornDigest());
    if (recovery != null) {
      file.truncate(end);
      file.force();
    }
  }

  /**
   * Opens a log's file, or makes one. Records are safe when the disk has them.
   *
   * @param path the file
   * @param clock what time it is, for the record of a recovery
   * @throws TaperException {@link ErrorCode#AUDIT_LOCKED} if another writer has it open; {@link
   *     ErrorCode#AUDIT_CORRUPT} if its end, since the last checkpoint, is not a chain of records;
   *     {@link ErrorCode#AUDIT_UNAVAILABLE} if it cannot be read or made
   */
  public static FileSink open(Path path, Clock clock) {
    return open(path, clock, Safety.ON_DISK);
  }

  /**
   * Opens a log's file whose records are safe as soon as the operating system has them: they
   * survive the end of the process, but not that of the machine.
   *
   * @throws TaperException as {@link #open(Path, Clock)}
   */
  public static FileSink openWithoutForcingToDisk(Path path, Clock clock) {
    return open(path, clock, Safety.WITH_THE_SYSTEM);
  }

  private static FileSink open(Path path, Clock clock, Safety safety) {
    FileChannel lock = null;
    FileChannel channel = null;
    try {
      lock = lock(path.resolveSibling(path.getFileName() + ".lock"));
      boolean isNew = !Files.exists(path);
      channel = FileChannel.open(path, OPTIONS, ownerOnly(path));
      hold(channel, path);
      if (isNew) {
        forceDirectory(path);
      }
      return new FileSink(LogFile.of(channel), lock, safety, clock);
    } catch (IOException e) {
      close(channel, lock);
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE,
          "the audit log " + path + " cannot be opened: " + Causes.reason(e),
          e);
    } catch (TaperException e) {
      close(channel, lock);
      throw e;
    }
  }

  /** A sink over any file, without a lock. */
  static FileSink over(LogFile file, Clock clock) throws IOException {
    return new FileSink(file, null, Safety.ON_DISK, clock);
  }

  /** Opens and locks a file of its own, which nobody reads. */
  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, OPTIONS, ownerOnly(path));
    try {
      hold(channel, path);
    } catch (TaperException e) {
      channel.close();
      throw e;
    }
    return channel;
  }

  /** Locks a file for as long as its channel is open. */
  private static void hold(FileChannel channel, Path path) throws IOException {
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null; // this very process
    }
    if (held == null) {
      throw new TaperException(
          ErrorCode.AUDIT_LOCKED, "another writer has the audit log open: it holds " + path);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes the folder safe that names the file: before that, the file is not safe. */
  private static void forceDirectory(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && ownerOnly(path).length > 0) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public @Nullable AuditRecord last() {
    cutBack();
    return last;
  }

  @Override
  public AuditContent.@Nullable LogRecovery recovery() {
    return recovery;
  }

  @Override
  public void append(List<AuditRecord> records) {
    cutBack();
    ByteBuffer bytes = lines(records);
    int length = bytes.remaining();
    dirty = true;
    try {
      file.write(bytes, end);
      if (safety == Safety.ON_DISK) {
        file.force();
      }
    } catch (IOException e) {
      try {
        cutBack();
      } catch (TaperException again) {
        e.addSuppressed(again); // tried again before the next record
      }
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE,
          "the audit log's file cannot be written: " + Causes.reason(e),
          e);
    }
    dirty = false;
    end += length;
    last = records.get(records.size() - 1);
  }

  private static ByteBuffer lines(List<AuditRecord> records) {
    int length = 0;
    for (AuditRecord record : records) {
      length += record.bytes().length + 1;
    }
    ByteBuffer lines = ByteBuffer.allocate(length);
    for (AuditRecord record : records) {
      lines.put(record.bytes()).put((byte) '\n');
    }
    return lines.flip();
  }

  /** After a failed write, takes away what may have been written. */
  private void cutBack() {
    if (!dirty) {
      return;
    }
    try {
      file.truncate(end);
      file.force();
      dirty = false;
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE,
          "the audit log's file cannot be cut back: " + Causes.reason(e),
          e);
    }
  }

  @Override
  public void close() {
    close(file, lock);
  }

  private static void close(@Nullable AutoCloseable first, @Nullable AutoCloseable second) {
    for (AutoCloseable each : new AutoCloseable[] {first, second}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        // everything that was acknowledged is safe already, and nothing else is to be kept
        LOG.warn("a file of the audit log cannot be closed: {}", Causes.reason(e));
      }
    }
  }
}
