package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * The end of a log at some time: the number and the hash of its last record. Kept where the log's
 * writer cannot reach it, it shows later that nothing up to there was changed or cut off.
 *
 * @param sequence the record's number; −1 for a log without records
 * @param hash the record's hash, 64 hex digits
 */
public record AuditHead(long sequence, String hash) {
  /** The head of a log without records. */
  static final AuditHead NONE = new AuditHead(-1, AuditRecord.NO_PREVIOUS);

  /**
   * Checks the hash.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_AUDIT_RECORD} if it is not 64 hex digits
   */
  public AuditHead {
    Checked.hex(hash, 32, "a record's hash");
  }

  /**
   * Reads the text form.
   *
   * @throws TaperException {@link ErrorCode#MALFORMED_AUDIT_RECORD} if it is not a number, a colon
   *     and 64 hex digits
   */
  public static AuditHead parse(String text) {
    int colon = text.indexOf(':');
    try {
      return new AuditHead(
          Long.parseLong(text.substring(0, Math.max(colon, 0))), text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new TaperException(
          ErrorCode.MALFORMED_AUDIT_RECORD, "a head is a record's number, a colon and its hash", e);
    }
  }

  /** The number and the hash, such as {@code 41:9f86…}. */
  @Override
  public String toString() {
    return sequence + ":" + hash;
  }
}
