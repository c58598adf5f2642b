package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Makes the keyed fingerprints, of 16 bytes, by which a memory of this process knows used proofs.
 * Its key is random, and lives and ends with the memory. Immutable and thread-safe.
 *
 * <p>The id of a proof is SHA-256 over its nonce and its holder's key ({@link
 * ReplayMemory.Use#id}), so it is the same for all signatures over one content, and memories that
 * several processes share compare it whole. Here the second half of it is hashed under the key and
 * added to the first. Any two ids that were chosen without the key have the same fingerprint with a
 * chance of one in 2 to the 128: the hash is strongly universal, which is enough because no
 * fingerprint is ever shown. So nobody can search for two proofs that count as one, not even of
 * keys of his own; and if it happened, the second one would be refused, never taken twice.
 */
final class Fingerprints {
  private static final int HEX_DIGITS = 16;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final IdHash first = IdHash.secret();
  private final IdHash second = IdHash.secret();
  private final IdHash third = IdHash.secret();
  private final IdHash fourth = IdHash.secret();

  /**
   * The use of a proof; the times are milliseconds since 1970.
   *
   * @param id as {@link ReplayMemory.Use#id} makes it
   */
  UseIndex.Use of(byte[] id, long issuedAt, long until) {
    return of(part(id, 0), part(id, 1), part(id, 2), part(id, 3), issuedAt, until);
  }

  /**
   * The use of a proof.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if its id is not 64 hex digits
   */
  UseIndex.Use of(ReplayMemory.Use proof) {
    return of(
        part(proof.id(), 0),
        part(proof.id(), 1),
        part(proof.id(), 2),
        part(proof.id(), 3),
        proof.issuedAt().toEpochMilli(),
        proof.until().toEpochMilli());
  }

  private UseIndex.Use of(
      long part0, long part1, long part2, long part3, long issuedAt, long until) {
    long high = part0 ^ joined(first.of(part2, part3), second.of(part2, part3));
    long low = part1 ^ joined(third.of(part2, part3), fourth.of(part2, part3));
    return new UseIndex.Use(high, low, issuedAt, until, 1);
  }

  private static long joined(int high, int low) {
    return ((long) high << Integer.SIZE) | Integer.toUnsignedLong(low);
  }

  private static long part(byte[] id, int part) {
    return (long) LONGS.get(id, part * Long.BYTES);
  }

  /** A quarter of an id that is written in hex digits. */
  static long part(String id, int part) {
    try {
      return HexFormat.fromHexDigitsToLong(id, part * HEX_DIGITS, (part + 1) * HEX_DIGITS);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "the id of what is used is 64 hex digits", e);
    }
  }
}
