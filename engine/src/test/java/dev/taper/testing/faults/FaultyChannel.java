package dev.taper.testing.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A channel of a {@link FaultyDisk}; without a content it is a folder's. */
final class FaultyChannel extends FileChannel {
  private final FaultyDisk disk;
  private final FileChannel real;
  private final Path file;
  private final FaultyDisk.@Nullable Content content;

  FaultyChannel(
      FaultyDisk disk, FileChannel real, Path file, FaultyDisk.@Nullable Content content) {
    this.disk = disk;
    this.real = real;
    this.file = file;
    this.content = content;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int[] written = new int[1];
    disk.change(
        "write " + file,
        () -> written[0] = real.write(from),
        () -> written[0] = real.write(half(from)));
    return written[0];
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    int[] written = new int[1];
    disk.change(
        "write " + file,
        () -> written[0] = real.write(from, position),
        () -> written[0] = real.write(half(from), position));
    return written[0];
  }

  private static ByteBuffer half(ByteBuffer from) {
    ByteBuffer half = from.duplicate();
    half.limit(half.position() + half.remaining() / 2);
    return half;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long written = 0;
    for (int i = offset; i < offset + length; i++) {
      written += write(from[i]);
    }
    return written;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    disk.change("truncate " + file, () -> real.truncate(size));
    return this;
  }

  @Override
  public void force(boolean all) throws IOException {
    disk.change(
        "force " + file,
        () -> {
          if (content == null) {
            disk.forced(file);
          } else {
            // The file may have another name by now; only what it holds counts.
            content.force(bytes());
          }
        });
  }

  private byte[] bytes() throws IOException {
    if (Files.exists(file) && Files.size(file) == real.size()) {
      return Files.readAllBytes(file);
    }
    ByteBuffer all = ByteBuffer.allocate((int) real.size());
    while (all.hasRemaining() && real.read(all, all.position()) >= 0) {}
    return all.array();
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return real.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return real.read(to, offset, length);
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    return real.read(to, position);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
    return real.transferTo(position, count, to);
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
