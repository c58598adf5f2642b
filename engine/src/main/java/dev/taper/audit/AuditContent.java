package dev.taper.audit;

import dev.taper.crypto.PublicKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record says, apart from its place in the chain. */
public sealed interface AuditContent
    permits AuditEvent, AuditContent.LogStart, AuditContent.LogRecovery, AuditContent.Checkpoint {
  /** What the record is about. */
  AuditKind kind();

  /** When it happened, to the millisecond. */
  Instant time();

  /**
   * The first record of a log, and of each of its files.
   *
   * @param time when the log or the file began
   * @param log the log's own random id, 32 hex digits, so that no two logs have a record in common
   * @param file the number of the file, 1 for the first
   */
  record LogStart(Instant time, String log, int file) implements AuditContent {
    /**
     * Checks the id.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if it is
     *     not 32 hex digits, or the file's number less than 1
     */
    public LogStart {
      time = Checked.time(time);
      Checked.hex(log, 16, "the log's id");
      if (file < 1) {
        throw Checked.malformed("the number of a file is less than 1");
      }
    }

    /** The first record of all. */
    public LogStart(Instant time, String log) {
      this(time, log, 1);
    }

    @Override
    public AuditKind kind() {
      return AuditKind.OPEN;
    }
  }

  /**
   * A log was opened that a crash had cut off in the middle of a record. Nobody had been told that
   * this record was safe.
   *
   * @param time when the log was opened again
   * @param bytes how many bytes were dropped
   * @param digest the SHA-256 digest of those bytes, 64 hex digits
   */
  record LogRecovery(Instant time, long bytes, String digest) implements AuditContent {
    /**
     * Checks the digest.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if it is
     *     not 64 hex digits, or the number of bytes is not one
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

  /**
   * A signature over everything before it. What is signed is the record itself without its
   * signature. The record names the hash of the one before, so one signature covers the whole chain
   * up to here.
   *
   * @param time when it was signed
   * @param key whose signature it is
   * @param next the number of the file in which the log goes on, for the last record of a file;
   *     null for any other
   * @param signature the signature in base64url without padding
   */
  record Checkpoint(Instant time, PublicKey key, @Nullable Integer next, String signature)
      implements AuditContent {
    /**
     * Cuts the time to milliseconds, and checks the signature's form.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if the
     *     number of the next file is less than 2, or the signature not base64url without padding
     */
    public Checkpoint {
      time = Checked.time(time);
      if (next != null && next < 2) {
        throw Checked.malformed("the number of the next file is less than 2");
      }
      byte[] unused = bytes(signature);
    }

    /** A checkpoint that is not the last record of a file. */
    public Checkpoint(Instant time, PublicKey key, String signature) {
      this(time, key, null, signature);
    }

    @Override
    public AuditKind kind() {
      return AuditKind.CHECKPOINT;
    }

    /** True if the key signed the payload. */
    boolean signs(byte[] payload) {
      return key.verify(payload, bytes(signature));
    }

    private static byte[] bytes(String signature) {
      return Checked.base64(signature, "the signature of a checkpoint");
    }
  }
}
