package dev.taper.operations.rotation;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.trail.AuditRecorder;

/**
 * Hands an audit log over to a new key, in the same log: the old key signs a record that names the
 * new one, and behind it the new key signs a record that names the old one. So whoever trusts
 * either sees that the other followed or came before. Stateless.
 */
public final class AuditKeyRotation {
  private AuditKeyRotation() {}

  /**
   * Hands over.
   *
   * @param by the log, signed by the old key
   * @param old the old public key
   * @param to the log, signed by the new key
   * @param next the new public key
   * @throws dev.taper.TaperException if the log cannot be written; if that happens in between, the
   *     new key is named and has signed nothing, and this can be done again
   */
  public static void handOver(AuditRecorder by, PublicKey old, AuditRecorder to, PublicKey next) {
    record(by, old, next, "added");
    record(to, next, old, AuditEvent.Subject.RETIRED);
  }

  private static void record(
      AuditRecorder recorder, PublicKey by, PublicKey about, String decision) {
    recorder.record(
        now ->
            AuditEvent.of(AuditKind.ROTATE, now)
                .by(by.toString())
                .subject(
                    AuditEvent.Subject.of(AuditEvent.Subject.AUDIT_KEY, about.toString())
                        .decision(decision)));
  }
}
