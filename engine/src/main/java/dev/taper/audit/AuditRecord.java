package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.crypto.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A record at its place in a log: what happened, its number, and the hash of the record before.
 * {@link #json} is its one form, and what its own hash is computed over. Immutable and thread-safe.
 */
public final class AuditRecord {
  /** What the first record has for the hash of the one before. */
  public static final String NO_PREVIOUS = "0".repeat(64);

  /** The largest record, in bytes of its JSON. */
  public static final int MAX_BYTES = 1 << 20;

  private static final byte[] RECORD_TAG = "\0TAPER\0AUDIT\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHECKPOINT_TAG =
      "\0TAPER\0CHECKPOINT\0".getBytes(StandardCharsets.US_ASCII);

  private final String previous;
  private final AuditContent content;
  private final byte[] bytes;
  private final Head head;

  private AuditRecord(long sequence, String previous, AuditContent content, byte[] bytes) {
    this.previous = previous;
    this.content = content;
    this.bytes = bytes;
    if (bytes.length > MAX_BYTES) {
      throw Checked.malformed("a record has more than " + MAX_BYTES + " bytes");
    }
    this.head = new Head(sequence, HexFormat.of().formatHex(Digests.sha256(RECORD_TAG, bytes)));
  }

  static AuditRecord at(Head before, AuditContent content, RecordWriter.Halves halves) {
    return at(before.sequence() + 1, before.hash(), content, halves);
  }

  private static AuditRecord at(
      long sequence, String previous, AuditContent content, RecordWriter.Halves halves) {
    return new AuditRecord(
        sequence, previous, content, RecordWriter.join(halves, sequence, previous));
  }

  /** Makes a record of a content at a place. */
  static AuditRecord of(long sequence, String previous, AuditContent content) {
    return of(sequence, previous, content, null);
  }

  /** Makes a record of a content, whose chain may be a known one, at a place. */
  static AuditRecord of(
      long sequence, String previous, AuditContent content, KnownChains.@Nullable Chain chain) {
    Checked.natural(sequence, "a record's number");
    Checked.hex(previous, 32, "the hash of the record before");
    return at(sequence, previous, content, RecordWriter.halves(content, chain));
  }

  /** Makes a checkpoint behind the last record. */
  static AuditRecord checkpoint(Head before, Instant time, Signer signer) {
    return checkpoint(before, time, signer, null);
  }

  /** Makes the last record of a file; any other checkpoint without the number of the next one. */
  static AuditRecord checkpoint(Head before, Instant time, Signer signer, @Nullable Integer next) {
    AuditContent.Checkpoint unsigned =
        new AuditContent.Checkpoint(time, signer.publicKey(), next, "");
    byte[] payload = checkpointPayload(before.sequence() + 1, before.hash(), unsigned);
    String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign(payload));
    return of(
        before.sequence() + 1,
        before.hash(),
        new AuditContent.Checkpoint(time, signer.publicKey(), next, signature));
  }

  /**
   * Reads a record. Only its own form is looked at, not its place in a log.
   *
   * @param json one line of a log, without the line's end
   * @throws TaperException {@link ErrorCode#MALFORMED_AUDIT_RECORD} if it is not a record in its
   *     one form
   */
  public static AuditRecord parse(String json) {
    AuditRecord record = RecordReader.read(json, null);
    if (!record.json().equals(json)) {
      throw Checked.malformed("the record is not in its canonical form");
    }
    return record;
  }

  /** True for a checkpoint whose key signed it at this place. */
  boolean signed() {
    return content instanceof AuditContent.Checkpoint checkpoint
        && checkpoint.signs(checkpointPayload(sequence(), previous, checkpoint));
  }

  /** The number of the next file if this is the last record of one; null if not. */
  @Nullable Integer next() {
    return content instanceof AuditContent.Checkpoint checkpoint ? checkpoint.next() : null;
  }

  private static byte[] checkpointPayload(
      long sequence, String previous, AuditContent.Checkpoint checkpoint) {
    AuditRecord unsigned =
        of(
            sequence,
            previous,
            new AuditContent.Checkpoint(
                checkpoint.time(), checkpoint.key(), checkpoint.next(), ""));
    byte[] bytes = unsigned.bytes;
    byte[] payload = new byte[CHECKPOINT_TAG.length + bytes.length];
    System.arraycopy(CHECKPOINT_TAG, 0, payload, 0, CHECKPOINT_TAG.length);
    System.arraycopy(bytes, 0, payload, CHECKPOINT_TAG.length, bytes.length);
    return payload;
  }

  /** Its number: 0 for the first of a log, then one more for each. */
  public long sequence() {
    return head.sequence();
  }

  /** The hash of the record before, 64 hex digits. */
  public String previous() {
    return previous;
  }

  /** What it says. */
  public AuditContent content() {
    return content;
  }

  /** The record as canonical JSON, one line without an end. */
  public String json() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The JSON in UTF-8; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** The SHA-256 digest of a tag and {@link #json}, 64 hex digits. */
  public String hash() {
    return head.hash();
  }

  /** Its number and hash. */
  public Head head() {
    return head;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof AuditRecord other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return head.hashCode();
  }

  /** The number and kind. */
  @Override
  public String toString() {
    return "record " + sequence() + " (" + content.kind().text() + ")";
  }

  /**
   * The end of a log at some time: the number and the hash of its last record. Kept where the log's
   * writer cannot reach it, it shows later that nothing up to there was changed or cut off.
   *
   * @param sequence the record's number; −1 for a log without records
   * @param hash the record's hash, 64 hex digits
   */
  public record Head(long sequence, String hash) {
    /** The head of a log without records. */
    static final Head NONE = new Head(-1, AuditRecord.NO_PREVIOUS);

    /**
     * Checks the hash.
     *
     * @throws TaperException {@link ErrorCode#MALFORMED_AUDIT_RECORD} if it is not 64 hex digits
     */
    public Head {
      Checked.hex(hash, 32, "a record's hash");
    }

    /**
     * Reads the text form.
     *
     * @throws TaperException {@link ErrorCode#MALFORMED_AUDIT_RECORD} if it is not a number, a
     *     colon and 64 hex digits
     */
    public static Head parse(String text) {
      int colon = text.indexOf(':');
      try {
        return new Head(
            Long.parseLong(text.substring(0, Math.max(colon, 0))), text.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw new TaperException(
            ErrorCode.MALFORMED_AUDIT_RECORD,
            "a head is a record's number, a colon and its hash",
            e);
      }
    }

    /** The number and the hash, such as {@code 41:9f86…}. */
    @Override
    public String toString() {
      return sequence + ":" + hash;
    }
  }
}
