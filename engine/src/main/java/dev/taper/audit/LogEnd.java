package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a log is continued, and what a crash left behind that. A file is read whole before anything
 * is written to it, so that no log is continued whose records are not all there, each in its place
 * and chained to the one before. Whether the key of its checkpoints is to be trusted, and whether
 * its earlier files are there, is for an {@link AuditVerifier}.
 *
 * @param first the first record of the file; null if it has no whole record
 * @param last the last whole record, or null
 * @param end where it ends, in bytes
 * @param torn how many bytes follow it without the end of a line
 * @param tornDigest the SHA-256 digest of those bytes in hex
 */
record LogEnd(
    @Nullable AuditRecord first,
    @Nullable AuditRecord last,
    long end,
    int torn,
    String tornDigest) {

  /**
   * Reads a whole file.
   *
   * @throws TaperException {@link ErrorCode#AUDIT_CORRUPT} if something in it is no record, or not
   *     in its place
   */
  static LogEnd read(LogFile file) throws IOException {
    byte[] torn = behindLastLine(file, file.size());
    long end = file.size() - torn.length;
    Ends ends = new Ends();
    LogVerification found =
        AuditVerifier.withoutTrustedKeys()
            .ofPart()
            .verify(reader -> FileLines.along(new Content(file, end), "", reader), ends::take);
    LogVerification.Flaw flaw = found.flaw();
    if (end > 0 && flaw != null) {
      throw corrupt("in line " + flaw.line() + ", " + flaw.message());
    }
    String digest = HexFormat.of().formatHex(Digests.sha256(torn));
    return new LogEnd(ends.first, ends.last, end, torn.length, digest);
  }

  /** The first and the last of the records that pass. */
  private static final class Ends {
    private @Nullable AuditRecord first;
    private @Nullable AuditRecord last;

    void take(AuditRecord record) {
      first = first == null ? record : first;
      last = record;
    }
  }

  /**
   * Reads the last record of a file that is complete.
   *
   * @throws TaperException {@link ErrorCode#AUDIT_CORRUPT} if it does not end with a record
   */
  static AuditRecord lastOf(LogFile file) throws IOException {
    long size = file.size();
    byte[] line = size == 0 ? new byte[0] : behindLastLine(file, size - 1);
    try {
      if (behindLastLine(file, size).length == 0) {
        return AuditRecord.parse(new String(line, StandardCharsets.UTF_8));
      }
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT, "the audit log ends in a line that is not a record", e);
    }
    throw corrupt("it ends in the middle of a line");
  }

  /** The bytes before a position that follow the last newline there. */
  private static byte[] behindLastLine(LogFile file, long position) throws IOException {
    int count = (int) Math.min(AuditRecord.MAX_BYTES + 1L, position);
    ByteBuffer buffer = ByteBuffer.allocate(count);
    file.read(buffer, position - count);
    if (buffer.hasRemaining()) {
      throw new IOException("the file became shorter while it was read");
    }
    byte[] bytes = buffer.array();
    int start = count;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    if (start == 0 && count < position) {
      throw corrupt("a line is longer than any record");
    }
    return Arrays.copyOfRange(bytes, start, count);
  }

  private static TaperException corrupt(String why) {
    return new TaperException(ErrorCode.AUDIT_CORRUPT, "the audit log cannot be continued: " + why);
  }

  /**
   * The bytes of a file up to a position. It reads through the file that is open: closing another
   * channel on it would give up the lock.
   */
  private static final class Content extends InputStream {
    private final LogFile file;
    private final long end;
    private long at;

    Content(LogFile file, long end) {
      this.file = file;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (at == end) {
        return -1;
      }
      int count = (int) Math.min(length, end - at);
      ByteBuffer buffer = ByteBuffer.wrap(to, offset, count);
      file.read(buffer, at);
      if (buffer.hasRemaining()) {
        throw new IOException("the file became shorter while it was read");
      }
      at += count;
      return count;
    }
  }
}
