package dev.taper.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that is open. What tells it from another one of the same name is the file system's key for
 * it, as the inode; a file system that has none tells only that a file is there.
 */
final class OpenLogFile implements LogFile {
  private final FileChannel channel;
  private final Path path;
  private final @Nullable Object key;

  /**
   * Takes an open file.
   *
   * @param channel the file
   * @param path the name under which it was opened just now
   */
  OpenLogFile(FileChannel channel, Path path) throws IOException {
    this.channel = channel;
    this.path = path;
    this.key = attributes(path).fileKey();
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void read(ByteBuffer to, long position) throws IOException {
    long at = position;
    while (to.hasRemaining()) {
      int count = channel.read(to, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  @Override
  public void force() throws IOException {
    channel.force(false); // the data, and of the metadata what is needed to find it
  }

  @Override
  public void checkPlace() throws IOException {
    BasicFileAttributes now;
    long own = channel.size();
    try {
      now = attributes(path);
    } catch (NoSuchFileException e) {
      throw new IOException("it was moved or deleted: there is no " + path + " any more", e);
    }
    // The key was read by name, perhaps of a file that took this one's place meanwhile.
    if (!Objects.equals(now.fileKey(), key) || now.size() != own) {
      throw new IOException("it was moved or deleted: " + path + " is another file now");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
