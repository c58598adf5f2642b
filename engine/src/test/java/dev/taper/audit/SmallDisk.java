package dev.taper.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** A file in memory, on a disk that can be full or broken. */
final class SmallDisk implements LogFile, AuditSource {
  volatile int capacity = Integer.MAX_VALUE;
  volatile boolean broken;
  volatile int failForces;

  /**
   * Somebody cuts the file just before the next write, which leaves zeros before what it writes.
   */
  volatile boolean cutsBeforeWrite;

  /** To how many bytes. */
  volatile int cutsBeforeWriteTo;

  /** By how many bytes somebody makes the file longer just behind the next write, or shorter. */
  volatile int changesBehindWrite;

  /** Somebody moves the file away just behind the next write. */
  volatile boolean movesBehindWrite;

  volatile boolean moved;

  private byte[] bytes = new byte[0];
  private byte[] forced = new byte[0];

  @Override
  public synchronized long size() {
    return bytes.length;
  }

  @Override
  public synchronized void read(ByteBuffer to, long position) {
    int count = Math.min(to.remaining(), bytes.length - (int) position);
    to.put(bytes, (int) position, count);
  }

  @Override
  public synchronized void write(ByteBuffer from, long position) throws IOException {
    if (cutsBeforeWrite) {
      cutsBeforeWrite = false;
      bytes = Arrays.copyOf(bytes, cutsBeforeWriteTo);
    }
    int start = (int) position;
    int count = Math.min(from.remaining(), capacity - start);
    byte[] more = Arrays.copyOf(bytes, start + count);
    from.get(more, start, count);
    bytes = Arrays.copyOf(more, more.length + changesBehindWrite);
    changesBehindWrite = 0;
    moved |= movesBehindWrite;
    if (from.hasRemaining()) {
      throw new IOException("no space left on device");
    }
  }

  @Override
  public synchronized void truncate(long size) throws IOException {
    if (broken) {
      throw new IOException("input/output error");
    }
    bytes = Arrays.copyOf(bytes, (int) size);
  }

  @Override
  public synchronized void force() throws IOException {
    if (broken || failForces-- > 0) {
      throw new IOException("input/output error");
    }
    forced = bytes;
  }

  @Override
  public void checkPlace() throws IOException {
    if (moved) {
      throw new IOException("it was moved");
    }
  }

  synchronized String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  synchronized String forcedText() {
    return new String(forced, StandardCharsets.UTF_8);
  }

  @Override
  public void read(Consumer<Line> reader) {
    long number = 1;
    for (String line : text().lines().toList()) {
      reader.accept(new Line(number++, line, true));
    }
  }

  @Override
  public void close() {}
}
