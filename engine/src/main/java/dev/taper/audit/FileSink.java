package dev.taper.audit;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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
 * When it fails, the file is cut back to where it was. Before and after each batch it looks whether
 * its name still leads to this file, and whether the file is as long as it left it: nothing is
 * acknowledged that stands in a file which was moved, deleted, cut, or written to by others. A
 * record that a crash cut off in the middle is dropped when the file is opened again; nobody had
 * been told that it was safe.
 */
final class FileSink implements AuditSink {
  private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);

  /** Says when a record counts as safe. */
  private enum Safety {
    ON_DISK,
    WITH_THE_SYSTEM
  }

  /** The first record of a file is far shorter. */
  private static final int START = 4096;

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final @Nullable FileChannel lock;
  private final Safety safety;
  private final Clock clock;
  private final @Nullable Rotation rotation; // null for a file over which nobody can begin another
  private final AuditContent.@Nullable LogRecovery recovery;
  private LogFile file;
  private @Nullable AuditRecord last;
  private long end;
  private int doubtful; // bytes of a batch that failed, which may stand behind the end

  /** How a log goes on in another file. */
  private record Rotation(LogFiles files, long maxBytes) {}

  private FileSink(
      LogFile file,
      @Nullable FileChannel lock,
      Safety safety,
      Clock clock,
      @Nullable Rotation rotation)
      throws IOException {
    this.file = file;
    this.lock = lock;
    this.safety = safety;
    this.clock = clock;
    this.rotation = rotation;
    AuditRecord before = rotation == null ? null : lastEarlier(rotation.files());
    LogEnd found = LogEnd.read(file);
    checkFollows(found.first(), before);
    this.last = found.last() == null ? before : found.last();
    this.end = found.end();
    this.recovery =
        found.torn() == 0
            ? null
            : new AuditContent.LogRecovery(clock.instant(), found.torn(), found.tornDigest());
    if (recovery != null) {
      file.checkPlace();
      file.truncate(end);
      file.force();
    }
  }

  /** Refuses a file that is not the one behind an earlier file, or behind others that follow it. */
  private static void checkFollows(@Nullable AuditRecord first, @Nullable AuditRecord before) {
    if (first == null || before == null) {
      return;
    }
    int file = ((AuditContent.LogStart) first.content()).file();
    Integer next = before.next();
    boolean isNext = next != null && next == file;
    if (next == null
        || file < next
        || (isNext
            && !new AuditRecord.Head(first.sequence() - 1, first.previous())
                .equals(before.head()))) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT,
          "the audit log cannot be continued: its file "
              + file
              + " does not follow the earlier file that ends with record "
              + before.sequence());
    }
  }

  /** The last record of the newest earlier file; null if there is none. */
  private static @Nullable AuditRecord lastEarlier(LogFiles files) throws IOException {
    Map.Entry<Integer, Path> newest = files.earlier().lastEntry();
    if (newest == null) {
      return null;
    }
    try (FileChannel channel = FileChannel.open(newest.getValue(), StandardOpenOption.READ)) {
      AuditRecord last = LogEnd.lastOf(new OpenLogFile(channel, newest.getValue()));
      Integer next = last.next();
      if (next == null || next != newest.getKey() + 1) {
        throw new TaperException(
            ErrorCode.AUDIT_CORRUPT,
            "the audit log cannot be continued: its file "
                + newest.getValue().getFileName()
                + " does not end as the earlier file of that number");
      }
      return last;
    }
  }

  private static AuditRecord firstRecord(LogFile file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(file.size(), START));
    file.read(start, 0);
    String text = new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
    int newline = text.indexOf('\n');
    try {
      AuditRecord first = AuditRecord.parse(text.substring(0, Math.max(newline, 0)));
      if (first.content() instanceof AuditContent.LogStart) {
        return first;
      }
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT,
          "the audit log cannot be continued: its first line is no record",
          e);
    }
    throw new TaperException(
        ErrorCode.AUDIT_CORRUPT, "the audit log cannot be continued: it does not open");
  }

  /**
   * Opens a log's file, or makes one. Records are safe when the disk has them.
   *
   * @param path the file
   * @param clock what time it is, for the record of a recovery
   * @throws TaperException {@link ErrorCode#AUDIT_LOCKED} if another writer has it open; {@link
   *     ErrorCode#AUDIT_CORRUPT} if something in it is no record, or not in its place; {@link
   *     ErrorCode#AUDIT_UNAVAILABLE} if it cannot be read or made
   */
  public static FileSink open(Path path, Clock clock) {
    return open(path, clock, Safety.ON_DISK, Long.MAX_VALUE);
  }

  /**
   * Opens a log's file whose records are safe as soon as the operating system has them: they
   * survive the end of the process, but not that of the machine.
   *
   * @throws TaperException as {@link #open(Path, Clock)}
   */
  public static FileSink openWithoutForcingToDisk(Path path, Clock clock) {
    return open(path, clock, Safety.WITH_THE_SYSTEM, Long.MAX_VALUE);
  }

  /**
   * Opens a log that goes on in another file when one is full.
   *
   * @throws TaperException as {@link #open(Path, Clock)}; {@link ErrorCode#INVALID_ARGUMENT} if the
   *     length is less than 1
   */
  public static FileSink openRotating(Path path, long maxBytes, Clock clock) {
    if (maxBytes < 1) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a file has at least 1 byte");
    }
    return open(path, clock, Safety.ON_DISK, maxBytes);
  }

  /**
   * Looks whether {@link #open} would take a log's files, and changes nothing.
   *
   * @throws TaperException as {@link #open}, but for a lock
   */
  static void check(Path path) {
    try {
      AuditRecord before = lastEarlier(new LogFiles(path));
      if (Files.exists(path)) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
          checkFollows(LogEnd.read(new OpenLogFile(channel, path)).first(), before);
        }
      }
    } catch (IOException e) {
      throw unopened(path, e);
    }
  }

  private static TaperException unopened(Path path, IOException e) {
    return new TaperException(
        ErrorCode.AUDIT_UNAVAILABLE,
        "the audit log " + path + " cannot be opened: " + Causes.reason(e),
        e);
  }

  private static FileSink open(Path path, Clock clock, Safety safety, long maxBytes) {
    FileChannel lock = null;
    FileChannel channel = null;
    try {
      lock = lock(path.resolveSibling(path.getFileName() + ".lock"));
      channel = openHeld(path);
      Rotation rotation = new Rotation(new LogFiles(path), maxBytes);
      return new FileSink(new OpenLogFile(channel, path), lock, safety, clock, rotation);
    } catch (IOException e) {
      close(channel, lock);
      throw unopened(path, e);
    } catch (TaperException e) {
      close(channel, lock);
      throw e;
    }
  }

  /** A sink over any file, without a lock. */
  static FileSink over(LogFile file, Clock clock) throws IOException {
    return new FileSink(file, null, Safety.ON_DISK, clock, null);
  }

  /** Opens and locks a log's newest file, and makes it if there is none. */
  private static FileChannel openHeld(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, OPTIONS, SecretFile.ownerOnly(path));
    try {
      hold(channel, path);
      if (channel.size() == 0) {
        WholeFile.forceFolder(path); // also if somebody made it, and could not do this
      }
    } catch (IOException | TaperException e) {
      channel.close();
      throw e;
    }
    return channel;
  }

  /** Opens and locks a file of its own, which nobody reads. */
  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, OPTIONS, SecretFile.ownerOnly(path));
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
    try {
      checkUntouched(0);
      doubtful = length;
      file.write(bytes, end);
      if (safety == Safety.ON_DISK) {
        file.force();
      }
      checkUntouched(length);
    } catch (IOException e) {
      try {
        cutBack();
      } catch (TaperException again) {
        e.addSuppressed(again); // tried again before the next record
      }
      throw unavailable("cannot be written", e);
    }
    doubtful = 0;
    end += length;
    last = records.get(records.size() - 1);
  }

  @Override
  public AuditContent.@Nullable LogStart next() {
    AuditRecord newest = last;
    if (rotation == null || newest == null) {
      return null;
    }
    boolean isClosed = newest.next() != null;
    if (!isClosed && end < rotation.maxBytes()) {
      return null;
    }
    try {
      AuditContent.LogStart current = (AuditContent.LogStart) firstOfCurrent(rotation).content();
      return new AuditContent.LogStart(clock.instant(), current.log(), current.file() + 1);
    } catch (IOException e) {
      throw unavailable("cannot be read", e);
    }
  }

  /** The first record of the file that the last record is in. */
  private AuditRecord firstOfCurrent(Rotation by) throws IOException {
    if (end > 0) {
      return firstRecord(file);
    }
    Map.Entry<Integer, Path> newest = by.files().earlier().lastEntry();
    if (newest == null) {
      throw new IOException("the file before is missing");
    }
    try (FileChannel channel = FileChannel.open(newest.getValue(), StandardOpenOption.READ)) {
      return firstRecord(new OpenLogFile(channel, newest.getValue()));
    }
  }

  @Override
  public void begin() {
    Integer next = last == null ? null : last.next();
    if (rotation == null || next == null) {
      throw new IllegalStateException("the log does not go on in another file");
    }
    if (end == 0) {
      return; // a crash, or a failure, came just behind this
    }
    Path newest = rotation.files().newest();
    Path earlier = rotation.files().earlier(next - 1);
    try {
      boolean isMoved = Files.exists(earlier);
      if (!isMoved) {
        checkUntouched(0);
      }
      if (Files.exists(newest) && !(isMoved && Files.size(newest) == 0)) {
        if (isMoved) {
          throw new IOException("there is a file " + earlier.getFileName() + " already");
        }
        Files.move(newest, earlier, StandardCopyOption.ATOMIC_MOVE);
      } // else this was moved before, and the new file could not be made, or not be made safe
      LogFile begun = beginEmpty(newest);
      close(file, null);
      file = begun;
      end = 0;
    } catch (IOException e) {
      throw unavailable("cannot go on in another file", e);
    }
  }

  private static LogFile beginEmpty(Path path) throws IOException {
    FileChannel channel = openHeld(path);
    try {
      if (channel.size() > 0) {
        throw new IOException("somebody wrote to the new file already");
      }
      return new OpenLogFile(channel, path);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static TaperException unavailable(String what, IOException e) {
    return new TaperException(
        ErrorCode.AUDIT_UNAVAILABLE, "the audit log's file " + what + ": " + Causes.reason(e), e);
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

  /**
   * Fails unless the file is the log's still and nobody else wrote to it.
   *
   * @param written how many bytes this wrote behind the end
   */
  private void checkUntouched(int written) throws IOException {
    file.checkPlace();
    long size = file.size();
    if (size != end + written) {
      throw new IOException(
          size < end + written
              ? "it was cut: it has " + size + " bytes of " + (end + written)
              : "another program wrote to it: it has " + size + " bytes, not " + (end + written));
    }
    if (end > 0 && !endsALine()) {
      throw new IOException("it was cut: zeros are where its records were");
    }
  }

  /**
   * True if the byte before the end is that of a record. A file that is cut between a look and a
   * write has the right length again, with a hole before what was written.
   */
  private boolean endsALine() throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    file.read(one, end - 1);
    return one.position() == 1 && one.get(0) == '\n';
  }

  /** After a failed write, takes away what may have been written, and nothing else. */
  private void cutBack() {
    if (doubtful == 0) {
      return;
    }
    try {
      file.checkPlace();
      long size = file.size();
      if (size < end || size > end + doubtful) {
        checkUntouched(0);
      }
      boolean isWhole = end == 0 || endsALine();
      file.truncate(isWhole ? end : withoutHole());
      file.force();
      doubtful = 0;
    } catch (IOException e) {
      throw unavailable("cannot be cut back", e);
    }
  }

  /** Where records end before zeros, of which no record has any. */
  private long withoutHole() throws IOException {
    ByteBuffer block = ByteBuffer.allocate(START);
    for (long from = end; from > 0; ) {
      long start = Math.max(0, from - START);
      file.read(block.clear().limit((int) (from - start)), start);
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) != 0) {
          return start + i + 1;
        }
      }
      from = start;
    }
    return 0;
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
