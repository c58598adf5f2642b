package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The header of a signed list: the part of a snapshot or a delta that its issuer signs, with the
 * digest of the entries that follow. docs/revocation.md shows it byte by byte. Immutable and
 * thread-safe.
 */
public final class RevocationHeader {
  /** The version that is written and read. */
  public static final int VERSION = 2;

  static final byte[] TAG = "\0TAPER\0REVOCATION\0".getBytes(StandardCharsets.US_ASCII);
  static final int DIGEST_BYTES = 32;

  private static final int NUMBERS_BYTES = 4 * Long.BYTES + 3 * Integer.BYTES;

  private final PublicKey issuer;
  private final boolean delta;
  private final long base;
  private final long sequence;
  private final Validity validity;
  private final int count;
  private final int liftedCount;
  private final byte[] digest;

  RevocationHeader(
      PublicKey issuer,
      boolean delta,
      long base,
      long sequence,
      Validity validity,
      int count,
      int liftedCount,
      byte[] digest) {
    this.issuer = issuer;
    this.delta = delta;
    this.base = base;
    this.sequence = sequence;
    this.validity = validity;
    this.count = count;
    this.liftedCount = liftedCount;
    this.digest = digest;
    if (sequence < 1 || base < 0 || (delta ? base >= sequence : base != 0)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          delta
              ? "a delta leads from a sequence number to a greater one, not "
                  + base
                  + " to "
                  + sequence
              : "sequence numbers start at 1, not " + sequence);
    }
  }

  /** The key that signed it. */
  public PublicKey issuer() {
    return issuer;
  }

  /** True for a delta, which adds entries to a list; false for a snapshot, which replaces it. */
  public boolean delta() {
    return delta;
  }

  /** The least sequence number of a list to which the delta can be added; 0 for a snapshot. */
  public long base() {
    return base;
  }

  /** The sequence number of the list, including this part; it only ever grows. */
  public long sequence() {
    return sequence;
  }

  /** The time in which it can be relied on. */
  public Validity validity() {
    return validity;
  }

  /** The time at which it was issued. */
  public Instant issued() {
    return validity.issued();
  }

  /** The latest time at which the next list is out. */
  public Instant nextUpdate() {
    return validity.nextUpdate();
  }

  /** How old it may become, counted from when it was issued; whole seconds. */
  public Duration maxAge() {
    return validity.maxAge();
  }

  /** How many entries follow. */
  public int count() {
    return count;
  }

  /** How many lifted entries follow those entries. */
  public int liftedCount() {
    return liftedCount;
  }

  /** True if the list cannot be relied on any more. */
  public boolean stale(Instant now) {
    return now.isAfter(staleAfter());
  }

  /** The last moment at which the list can be relied on. */
  public Instant staleAfter() {
    return validity.staleAfter();
  }

  boolean digestIs(byte[] entries) {
    return Arrays.equals(digest, entries);
  }

  /** The signed bytes. */
  byte[] encode() {
    byte[] key = issuer.bytes();
    return ByteBuffer.allocate(TAG.length + 3 + key.length + NUMBERS_BYTES + DIGEST_BYTES)
        .put(TAG)
        .put((byte) VERSION)
        .put((byte) (delta ? 1 : 0))
        .put((byte) issuer.algorithm().wireId())
        .put(key)
        .putLong(base)
        .putLong(sequence)
        .putLong(validity.issued().toEpochMilli())
        .putLong(validity.nextUpdate().toEpochMilli())
        .putInt((int) validity.maxAge().toSeconds())
        .putInt(count)
        .putInt(liftedCount)
        .put(digest)
        .array();
  }

  /** Identifies the whole list: a digest of the signed bytes, which hold the entries' digest. */
  String identity() {
    return HexFormat.of().formatHex(Digests.sha256().digest(encode()));
  }

  /** Reads a header, after its tag's first byte. */
  static RevocationHeader read(DataInputStream in) throws IOException {
    byte[] tag = new byte[TAG.length];
    in.readFully(tag, 1, TAG.length - 1);
    if (!Arrays.equals(tag, TAG)) {
      throw malformed("does not start as one");
    }
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw malformed("has version " + version + ", not " + VERSION);
    }
    int type = in.readUnsignedByte();
    if (type > 1) {
      throw malformed("is neither a snapshot nor a delta");
    }
    Algorithm algorithm = Algorithm.ofWireId(in.readUnsignedByte());
    if (algorithm == null) {
      throw malformed("is signed by an unknown algorithm");
    }
    byte[] key = new byte[algorithm.publicKeyBytes()];
    in.readFully(key);
    long base = in.readLong();
    long sequence = in.readLong();
    long issued = in.readLong();
    long nextUpdate = in.readLong();
    int maxAge = in.readInt();
    int count = in.readInt();
    int liftedCount = in.readInt();
    byte[] digest = new byte[DIGEST_BYTES];
    in.readFully(digest);
    if (count < 0 || liftedCount < 0) {
      throw new TaperException(ErrorCode.DECODE_LIMIT, "the revocation list has too many entries");
    }
    try {
      return new RevocationHeader(
          PublicKey.of(algorithm, key),
          type == 1,
          base,
          sequence,
          Validity.read(issued, nextUpdate, maxAge),
          count,
          liftedCount,
          digest);
    } catch (TaperException e) {
      throw malformed("is impossible: " + e.getMessage());
    }
  }

  static TaperException malformed(String why) {
    return new TaperException(ErrorCode.MALFORMED_REVOCATIONS, "the revocation list " + why);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof RevocationHeader other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  /** Returns kind, sequence number and time. */
  @Override
  public String toString() {
    return (delta ? "delta " + base + " to " : "snapshot ") + sequence + ", issued " + issued();
  }

  /**
   * The time in which a list can be relied on: from its issue until its next update is due, and
   * never longer than its maximum age.
   *
   * @param issued when it is issued, to the millisecond
   * @param nextUpdate the latest time at which the next list is out, to the millisecond; after
   *     issued
   * @param maxAge how old it may become, in whole seconds; at least one, at most {@link #LONGEST}
   */
  public record Validity(Instant issued, Instant nextUpdate, Duration maxAge) {
    /**
     * The longest time that anybody may rely on a list: a verifier knows of a revocation within a
     * month.
     */
    public static final Duration LONGEST = Duration.ofDays(31);

    private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    /**
     * Cuts the times to the precision of the format.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if they make no sense
     */
    public Validity {
      issued = issued.truncatedTo(ChronoUnit.MILLIS);
      nextUpdate = nextUpdate.truncatedTo(ChronoUnit.MILLIS);
      maxAge = Duration.ofSeconds(maxAge.toSeconds());
      if (issued.isBefore(Instant.EPOCH) || nextUpdate.isAfter(Instant.ofEpochMilli(LAST_MILLI))) {
        throw invalid("its times are out of range");
      }
      if (!nextUpdate.isAfter(issued)) {
        throw invalid("its next update is not after its issue");
      }
      if (maxAge.toSeconds() < 1 || maxAge.compareTo(LONGEST) > 0) {
        throw invalid("its maximum age is not between a second and " + LONGEST.toDays() + " days");
      }
    }

    /**
     * Makes the validity of a list that is issued now.
     *
     * @param clock the issuer's time
     * @param nextUpdate the latest time until the next list is out
     * @param maxAge how old it may become
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if they make no sense
     */
    public static Validity from(Clock clock, Duration nextUpdate, Duration maxAge) {
      Instant now = clock.instant();
      return new Validity(now, now.plus(nextUpdate), maxAge);
    }

    /** The last moment at which the list can be relied on. */
    public Instant staleAfter() {
      Instant oldest = issued.plus(maxAge);
      return oldest.isBefore(nextUpdate) ? oldest : nextUpdate;
    }

    static Validity read(long issued, long nextUpdate, int maxAge) {
      return new Validity(
          Instant.ofEpochMilli(issued),
          Instant.ofEpochMilli(nextUpdate),
          Duration.ofSeconds(Integer.toUnsignedLong(maxAge)));
    }

    private static TaperException invalid(String why) {
      return new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a revocation list cannot be issued: " + why);
    }
  }
}
