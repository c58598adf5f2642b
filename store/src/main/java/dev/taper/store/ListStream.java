package dev.taper.store;

import dev.taper.TaperException;
import dev.taper.store.sql.Sql;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Streams signed lists one behind the other, a part at a time, because a snapshot can be large. */
final class ListStream extends InputStream {
  /** Runs what reads a part with a connection. */
  private interface Reading {
    Optional<byte[]> part(Database.Work<Optional<byte[]>> work) throws SQLException;
  }

  private final Reading reading;
  private final Iterator<Long> sequences;
  private long sequence;
  private int nextPart;
  private InputStream part = InputStream.nullInputStream();
  private boolean ended;

  ListStream(Database database, List<Long> sequences) {
    this(database::read, sequences);
  }

  /** Streams the lists as a transaction sees them. */
  static ListStream within(Connection connection, List<Long> sequences) {
    return new ListStream(work -> work.run(connection), sequences);
  }

  private ListStream(Reading reading, List<Long> sequences) {
    this.reading = reading;
    this.sequences = sequences.iterator();
    this.ended = !this.sequences.hasNext();
    this.sequence = ended ? 0 : this.sequences.next();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = part.read(into, offset, length);
    while (count < 0 && !ended) {
      advance();
      count = part.read(into, offset, length);
    }
    return count;
  }

  private void advance() throws IOException {
    Optional<byte[]> content = load();
    if (content.isPresent()) {
      part = new ByteArrayInputStream(content.get());
      nextPart++;
    } else if (nextPart == 0) {
      throw new IOException("the revocation list " + sequence + " was forgotten meanwhile");
    } else if (sequences.hasNext()) {
      sequence = sequences.next();
      nextPart = 0;
    } else {
      ended = true;
    }
  }

  private Optional<byte[]> load() throws IOException {
    try {
      return reading.part(
          connection ->
              Sql.first(
                  connection,
                  "SELECT content FROM revocation_list_part WHERE sequence = ? AND part = ?",
                  row -> row.getBytes(1),
                  sequence,
                  nextPart));
    } catch (TaperException | SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
