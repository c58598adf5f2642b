package dev.taper.audit;

import java.time.Instant;

/** What a record says, apart from its place in the chain. */
public sealed interface AuditContent permits AuditEvent, LogStart, LogRecovery, Checkpoint {
  /** What it is about. */
  AuditKind kind();

  /** When it happened, to the millisecond. */
  Instant time();
}
