package dev.taper.audit;

import java.util.Locale;

/**
 * What is wrong with a log, at the first place where it shows.
 *
 * @param kind what is wrong
 * @param line the line's number, from 1
 * @param sequence the number of the record that was edited, removed, inserted or moved
 * @param message one sentence for people
 */
public record AuditFlaw(Kind kind, long line, long sequence, String message) {
  /** What can be wrong with a log. */
  public enum Kind {
    /** A line is not a record. */
    MALFORMED,
    /** A record is not what the one after it was chained to. */
    EDITED,
    /** One or more records are missing. */
    REMOVED,
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
    /** The log is not the one that an expected head was taken from. */
    REWRITTEN;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The kind in lower case. */
    public String text() {
      return text;
    }
  }
}
