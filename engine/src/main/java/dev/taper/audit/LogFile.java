package dev.taper.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

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

  /**
   * Does nothing if the log's name still leads to this very file.
   *
   * @throws IOException if it was moved or deleted, or another file is there; the message says
   *     which
   */
  void checkPlace() throws IOException;
}
