package dev.taper.assurance.world.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** A channel on a file of a simulated disk; without a file it is the folder's. */
final class DiskChannel extends FileChannel {
  private final ProcessFiles process;
  private final SimulatedDisk disk;
  private final @Nullable DiskFile file;
  private long position;

  DiskChannel(ProcessFiles process, SimulatedDisk disk, @Nullable DiskFile file) {
    this.process = process;
    this.disk = disk;
    this.file = file;
  }

  private DiskFile file() throws IOException {
    process.requireLiving();
    if (file == null) {
      throw new IOException("it is a folder");
    }
    return file;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int count = read(to, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int read(ByteBuffer to, long from) throws IOException {
    return file().read(to, from);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = write(from, position);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    DiskFile to = file();
    byte[] all = new byte[from.remaining()];
    from.get(all);
    boolean torn = disk.chances().tears();
    if (torn || disk.isFull()) {
      byte[] some = new byte[disk.chances().below(all.length + 1)];
      System.arraycopy(all, 0, some, 0, some.length);
      to.write(at, some);
      if (torn) {
        process.end();
      }
      throw new IOException(torn ? "the process is dead" : "no space left on device");
    }
    to.write(at, all);
    return all.length;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    return file().size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    file().cut(size);
    return this;
  }

  @Override
  public void force(boolean all) throws IOException {
    process.requireLiving();
    boolean fails = disk.chances().fails();
    if (file == null) {
      if (!fails && process.forcesNames()) {
        disk.forceNames();
      }
    } else if (fails) {
      file.forceFails(disk.chances());
    } else {
      file.force();
    }
    if (fails) {
      throw new IOException("input/output error");
    }
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) throws IOException {
    return tryLock(from, size, shared);
  }

  /** No two processes use one disk at a time, so nobody else holds it. */
  @Override
  public FileLock tryLock(long from, long size, boolean shared) throws IOException {
    process.requireLiving();
    return new FileLock(this, from, size, shared) {
      @Override
      public boolean isValid() {
        return isOpen();
      }

      @Override
      public void release() {
        // with the channel
      }
    };
  }

  @Override
  protected void implCloseChannel() {
    // nothing is held
  }
}
