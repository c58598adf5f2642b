package dev.taper.audit;

import dev.taper.crypto.PublicKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The result of verifying a log.
 *
 * @param records how many records are good, from the first on
 * @param checkpoints how many of them are checkpoints
 * @param head the last good record
 * @param signed the last good checkpoint: up to here nothing can have been changed without the
 *     checkpoint's key; null if there is none
 * @param flaw what is wrong, or null
 * @param trusted true if only keys that were named signed the checkpoints; false if any key may
 *     have
 * @param signers the keys that signed the checkpoints, in order of appearance; the first {@link
 *     #MAX_SIGNERS} of them
 */
public record LogVerification(
    long records,
    long checkpoints,
    AuditRecord.Head head,
    AuditRecord.@Nullable Head signed,
    @Nullable Flaw flaw,
    boolean trusted,
    List<PublicKey> signers) {
  /**
   * The most signers that are kept: anyone who can write a log can sign it with any number of keys.
   */
  public static final int MAX_SIGNERS = 16;

  /** Copies the list. */
  public LogVerification {
    signers = List.copyOf(signers);
  }

  /** True if nothing is wrong, and a key that was named has signed the log. */
  public boolean intact() {
    return consistent() && trusted && signed != null;
  }

  /**
   * True if every record is in its place and chained to the one before. That alone says little:
   * anyone who can write the log can write another one that is consistent, signed with a key of
   * their own or not at all.
   */
  public boolean consistent() {
    return flaw == null;
  }

  /**
   * How many records follow the last checkpoint. They are chained but not signed: anyone who can
   * write the log could have changed or cut them.
   */
  public long unsigned() {
    return head.sequence() - (signed == null ? -1 : signed.sequence());
  }

  /**
   * What is wrong with a log, at the first place where it shows.
   *
   * @param kind what is wrong
   * @param line the line's number in its file, from 1
   * @param sequence the number of the record that was edited, removed, inserted or moved
   * @param message one sentence for people
   */
  public record Flaw(Kind kind, long line, long sequence, String message) {
    /** What can be wrong with a log. */
    public enum Kind {
      /** A line is not a record. */
      MALFORMED,
      /** A record is not what the one after it was chained to. */
      EDITED,
      /** One or more records are missing. */
      REMOVED,
      /** A file of the log is missing: what another one says that it follows, or goes on in. */
      MISSING,
      /** A record stands where none belongs. */
      INSERTED,
      /** A record stands behind a later one. */
      REORDERED,
      /** Records that once stood at the end are missing. */
      TRUNCATED,
      /** The log ends in the middle of a record: a crash, or somebody cut it. */
      TORN,
      /** A checkpoint's signature is not good: records before it were changed and chained anew. */
      FORGED,
      /** A checkpoint is signed by a key that is not trusted. */
      UNTRUSTED,
      /** A checkpoint is signed by a key that the log says has been retired. */
      RETIRED,
      /** The log is not the one that an expected head was taken from. */
      REWRITTEN;

      private final String text = name().toLowerCase(Locale.ROOT);

      /** The kind in lower case. */
      public String text() {
        return text;
      }
    }
  }
}
