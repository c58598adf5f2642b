package dev.taper.agent;

/** Says what becomes of an allowed call if a {@link DecisionListener} could not take note of it. */
public enum AuditFailure {
  /** It is denied with {@link DenialCode#AUDIT_UNAVAILABLE}: nothing happens unrecorded. */
  DENY,
  /**
   * It goes ahead, and {@link Verifier#unrecordedDecisions} counts it: the service is worth more
   * than a complete record.
   */
  ALLOW_AND_COUNT
}
