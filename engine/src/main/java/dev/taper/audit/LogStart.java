package dev.taper.audit;

import java.time.Instant;

/**
 * The first record of a log.
 *
 * @param time when the log began
 * @param log the log's own random id, 32 hex digits, so that no two logs have a record in common
 */
public record LogStart(Instant time, String log) implements AuditContent {
  /**
   * Checks the id.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if it is
   *     not 32 hex digits
   */
  public LogStart {
    time = Checked.time(time);
    Checked.hex(log, 16, "the log's id");
  }

  @Override
  public AuditKind kind() {
    return AuditKind.OPEN;
  }
}
