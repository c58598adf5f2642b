package dev.taper.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The few things that a file must do for a log, so that tests can have one that fails. */
interface LogFile extends Closeable {
  long size() throws IOException;

  /** Reads up to the buffer's end, or the file's. */
  void read(ByteBuffer to, long position) throws IOException;

  /** Writes the whole buffer. */
  void write(ByteBuffer from, long position) throws IOException;

  void truncate(long size) throws IOException;

  /** Makes what was written safe. */
  void force() throws IOException;

  /** A real file. */
  static LogFile of(FileChannel channel) {
    return new LogFile() {
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
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
