package dev.taper.audit;

import dev.taper.TaperException;
import org.jspecify.annotations.Nullable;

/**
 * A line, read as a record without regard to its place in a log. Immutable and thread-safe.
 *
 * @param line the line
 * @param record the record; null if it is none
 * @param signed true for a checkpoint that its key signed
 * @param why what is wrong with it if it is no record
 */
record ReadLine(
    AuditSource.Line line, @Nullable AuditRecord record, boolean signed, @Nullable String why) {
  static ReadLine of(AuditSource.Line line, KnownChains known) {
    if (!line.whole()) {
      return new ReadLine(line, null, false, "it is cut off in the middle");
    }
    try {
      AuditRecord record = known.parse(line.text());
      return new ReadLine(line, record, record.signed(), null);
    } catch (TaperException e) {
      return new ReadLine(line, null, false, e.getMessage());
    }
  }
}
