package dev.taper.audit;

import org.jspecify.annotations.Nullable;

/**
 * What was found when a log was verified.
 *
 * @param records how many records are good, from the first on
 * @param checkpoints how many of them are checkpoints
 * @param head the last good record
 * @param signed the last good checkpoint: up to here nothing can have been changed without the
 *     checkpoint's key; null if there is none
 * @param flaw what is wrong, or null
 */
public record AuditVerdict(
    long records,
    long checkpoints,
    AuditHead head,
    @Nullable AuditHead signed,
    @Nullable AuditFlaw flaw) {
  /** True if nothing is wrong. */
  public boolean intact() {
    return flaw == null;
  }

  /**
   * How many records follow the last checkpoint. They are chained but not signed: whoever can write
   * the log could have changed or cut them.
   */
  public long unsigned() {
    return head.sequence() - (signed == null ? -1 : signed.sequence());
  }
}
