package dev.taper.audit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a record is about. */
public enum AuditKind {
  /** The log begins; written by the log itself. */
  OPEN,
  /** A record that was cut off by a crash was dropped; written by the log itself. */
  RECOVER,
  /** All records up to here are signed; written by the log itself. */
  CHECKPOINT,
  /** A token was minted. */
  MINT,
  /** A token was handed on, or narrowed by its holder. */
  DELEGATE,
  /** A token was sealed: from then on anyone who has it can use it, and nobody hands it on. */
  SEAL,
  /** A verifier allowed a call. */
  ALLOW,
  /** A verifier denied a call. */
  DENY,
  /** A holder asked about a call that would be denied; nothing was called. */
  ASK,
  /** An approver approved what was asked. */
  APPROVE,
  /** An approver refused what was asked. */
  REFUSE,
  /** A holder stated why it uses a grant. */
  JUSTIFY,
  /** Something was revoked. */
  REVOKE,
  /** A task ended, and with it everything granted for it. */
  TASK_END,
  /** A root key was replaced. */
  ROTATE,
  /** A reviewer certified or revoked a grant. */
  REVIEW,
  /** The rules about abuse found something in what was decided. */
  FINDING;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The kind as it stands in records, in lower case. */
  public String text() {
    return text;
  }

  /** True for the records that a log writes about itself. */
  public boolean ofTheLog() {
    return this == OPEN || this == RECOVER || this == CHECKPOINT;
  }

  /** True for the decision about a call that was made. */
  public boolean ofACall() {
    return this == ALLOW || this == DENY;
  }

  static @Nullable AuditKind ofText(String text) {
    for (AuditKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    return null;
  }
}
