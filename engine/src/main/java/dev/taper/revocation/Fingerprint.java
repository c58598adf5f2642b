package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name in a list of something revoked: the first 128 bits of SHA-256 over {@code
 * "\0TAPER\0REVOKED\0" ‖ kind ‖ value}. Immutable and thread-safe.
 *
 * <p>128 bits are enough, because two values with one fingerprint can only make a verifier refuse
 * more. To make it refuse somebody else's value takes 2^128 attempts, and an attacker who finds two
 * values of their own in 2^64 attempts gains only a refusal of their own. Nothing revoked becomes
 * good.
 *
 * @param high the first 64 bits, big-endian
 * @param low the other 64 bits
 */
public record Fingerprint(long high, long low) implements Comparable<Fingerprint> {
  /** The length of the encoding. */
  public static final int BYTES = 16;

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");
  private static final byte[] TAG = "\0TAPER\0REVOKED\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Makes the fingerprint of a block.
   *
   * @param revocationKey the block's signature, in the one form that all equivalent signatures
   *     share; see {@link dev.taper.crypto.Signatures#revocationKey}
   */
  public static Fingerprint ofBlock(byte[] revocationKey) {
    return of(RevocationEntry.Kind.BLOCK, revocationKey);
  }

  /** Makes the fingerprint of a task, by its id as tokens state it. */
  public static Fingerprint ofTask(String id) {
    return of(RevocationEntry.Kind.TASK, id.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes the fingerprint of a holder, by its key. */
  public static Fingerprint ofHolder(PublicKey key) {
    return of(RevocationEntry.Kind.HOLDER, bytes(key));
  }

  /** Makes the fingerprint of a key as the last holder's. */
  public static Fingerprint ofLastHolder(PublicKey key) {
    return of(RevocationEntry.Kind.LAST_HOLDER, bytes(key));
  }

  /** Makes the fingerprint of a delegator, by its name as tokens state it. */
  public static Fingerprint ofDelegator(String name) {
    return of(RevocationEntry.Kind.DELEGATOR, name.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes the fingerprint of a root key. */
  public static Fingerprint ofRoot(PublicKey key) {
    return of(RevocationEntry.Kind.ROOT, bytes(key));
  }

  /**
   * Makes the fingerprint of an approval.
   *
   * @param approver whose key signed it; nobody can name what another one approved
   * @param id its id, 32 hex digits
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the id is not such digits
   */
  public static Fingerprint ofApproval(PublicKey approver, String id) {
    if (!DIGITS.matcher(id).matches()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the id of an approval is 32 hex digits in lower case");
    }
    byte[] key = bytes(approver);
    byte[] value = Arrays.copyOf(key, key.length + BYTES);
    System.arraycopy(HexFormat.of().parseHex(id), 0, value, key.length, BYTES);
    return of(RevocationEntry.Kind.APPROVAL, value);
  }

  /**
   * Reads the text form.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is not 32 hex digits
   */
  public static Fingerprint parse(String text) {
    if (!DIGITS.matcher(text).matches()) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a fingerprint is 32 hex digits in lower case");
    }
    return new Fingerprint(
        Long.parseUnsignedLong(text.substring(0, 16), 16),
        Long.parseUnsignedLong(text.substring(16), 16));
  }

  private static Fingerprint of(RevocationEntry.Kind kind, byte[] value) {
    MessageDigest digest = Digests.sha256();
    digest.update(TAG);
    digest.update((byte) kind.wireId());
    digest.update(value);
    ByteBuffer bits = ByteBuffer.wrap(digest.digest());
    return new Fingerprint(bits.getLong(), bits.getLong());
  }

  private static byte[] bytes(PublicKey key) {
    byte[] point = key.bytes();
    return ByteBuffer.allocate(1 + point.length)
        .put((byte) key.algorithm().wireId())
        .put(point)
        .array();
  }

  /** Compares as the encodings do: big-endian, unsigned. */
  static int compare(long high, long low, long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(high, otherHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
  }

  /** Compares the encodings, byte by byte. */
  @Override
  public int compareTo(Fingerprint other) {
    return compare(high, low, other.high, other.low);
  }

  /** Returns 32 hex digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Fingerprint other && high == other.high && low == other.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
