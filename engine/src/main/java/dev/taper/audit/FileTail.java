package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log's file. It is read backwards to the last checkpoint and checked from there, so
 * that a log is not continued behind something that is not its own; what lies before is for an
 * {@link AuditVerifier}.
 *
 * @param last the last whole record, or null
 * @param end where it ends, in bytes
 * @param torn how many bytes follow it without the end of a line
 * @param tornDigest the SHA-256 digest of those bytes in hex
 */
record FileTail(@Nullable AuditRecord last, long end, int torn, String tornDigest) {
  private static final int CHUNK = 64 * 1024;

  /**
   * Reads the end of a file.
   *
   * @param file the file
   * @param before the last record of the file before; none for the first file of a log
   */
  static FileTail read(LogFile file, AuditRecord.Head before) throws IOException {
    long size = file.size();
    byte[] rest = new byte[0]; // what is read and not yet divided into lines
    long start = size; // where it begins
    byte[] torn = null;
    Deque<AuditRecord> records = new ArrayDeque<>();
    while (true) {
      int newline = lastNewline(rest, torn == null ? rest.length : rest.length - 1);
      if (newline < 0 && start > 0) {
        if (rest.length > AuditRecord.MAX_BYTES + 1) {
          throw corrupt("a line is longer than any record");
        }
        int count = (int) Math.min(CHUNK, start);
        rest = before(file, start - count, count, rest);
        start -= count;
        continue;
      }
      byte[] line = slice(rest, newline + 1, rest.length);
      rest = slice(rest, 0, newline + 1);
      if (torn == null) {
        torn = line;
      } else {
        records.addFirst(parse(line));
      }
      boolean anchored =
          !records.isEmpty() && records.getFirst().content() instanceof AuditContent.Checkpoint;
      if (anchored || (rest.length == 0 && start == 0)) {
        check(records, anchored, before);
        String digest = HexFormat.of().formatHex(Digests.sha256(torn));
        return new FileTail(records.peekLast(), size - torn.length, torn.length, digest);
      }
    }
  }

  private static byte[] before(LogFile file, long position, int count, byte[] rest)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count + rest.length);
    buffer.limit(count);
    file.read(buffer, position);
    if (buffer.hasRemaining()) {
      throw new IOException("the file became shorter while it was read");
    }
    buffer.limit(buffer.capacity());
    return buffer.put(rest).array();
  }

  /** The last newline before an index; −1 if there is none. */
  private static int lastNewline(byte[] bytes, int before) {
    int at = before - 1;
    while (at >= 0 && bytes[at] != '\n') {
      at--;
    }
    return at;
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static AuditRecord parse(byte[] line) {
    try {
      // The line's own newline is its last byte.
      return AuditRecord.parse(new String(line, 0, line.length - 1, StandardCharsets.UTF_8));
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT, "the audit log ends in a line that is not a record", e);
    }
  }

  private static void check(Deque<AuditRecord> records, boolean anchored, AuditRecord.Head before) {
    AuditRecord previous = null;
    for (AuditRecord record : records) {
      if (previous == null ? anchored && !record.signed() : !follows(record, previous.head())) {
        throw corrupt("record " + record.sequence() + " does not belong here");
      }
      if (previous == null && !anchored && !follows(record, before)) {
        throw corrupt("it does not begin with its first record");
      }
      previous = record;
    }
  }

  private static boolean follows(AuditRecord record, AuditRecord.Head head) {
    return record.sequence() == head.sequence() + 1 && record.previous().equals(head.hash());
  }

  private static TaperException corrupt(String why) {
    return new TaperException(ErrorCode.AUDIT_CORRUPT, "the audit log cannot be continued: " + why);
  }
}
