package dev.taper.audit;

import java.time.Instant;

/**
 * A log was opened that a crash had cut off in the middle of a record. Nobody had been told that
 * this record was safe.
 *
 * @param time when the log was opened again
 * @param bytes how many bytes were dropped
 * @param digest the SHA-256 digest of those bytes, 64 hex digits
 */
public record LogRecovery(Instant time, long bytes, String digest) implements AuditContent {
  /**
   * Checks the digest.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if it is
   *     not 64 hex digits, or no byte was dropped
   */
  public LogRecovery {
    time = Checked.time(time);
    Checked.hex(digest, 32, "the digest of what was dropped");
    Checked.natural(bytes, "the number of dropped bytes");
  }

  @Override
  public AuditKind kind() {
    return AuditKind.RECOVER;
  }
}
