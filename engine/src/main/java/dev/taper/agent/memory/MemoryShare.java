package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import java.util.HexFormat;

/**
 * Says whose part of a memory an entry takes: the delegator's, and in it the authority block's. An
 * issuer signed both, so nobody makes up more of them; a holder's key is free to make and counts
 * for nothing here. Immutable and thread-safe.
 *
 * @param delegator the SHA-256 digest of the delegator, in hex
 * @param authority the SHA-256 digest of what the authority block is revoked by, in hex
 */
public record MemoryShare(String delegator, String authority) {
  /**
   * The share of a chain.
   *
   * @param delegator the delegator's name, with the root key that says so if there are several
   * @param authorityKey what the authority block is revoked by
   */
  public static MemoryShare of(String delegator, byte[] authorityKey) {
    return new MemoryShare(
        Digests.sha256Hex(delegator), HexFormat.of().formatHex(Digests.sha256(authorityKey)));
  }

  /**
   * How full a shared memory is, as seen by one who wants to add to it: the one rule by which all
   * such memories are shared. Immutable and thread-safe.
   *
   * <p>Up to half of its capacity nobody is limited. Above that, a delegator who is alone in the
   * memory may have seven eighths of it. With others present, each delegator may have the capacity
   * divided by the number of delegators in it and one more, so that there is room for the next one.
   *
   * <p>An authority block that is alone may have all that its delegator may have. Where a delegator
   * has several, each may have the delegator's part divided by their number and one more. It gets
   * that even if others of its delegator have used up the part: of the last eighth up to a half if
   * the delegator is alone, and with others present as long as a quarter of the memory stays free,
   * or an eighth for its first entries. A full memory refuses everyone: none forgets what could
   * still be used.
   *
   * <p>All amounts count the same thing: entries, or the bytes that they take.
   *
   * @param total how much there is
   * @param delegators how many delegators have any, the one who asks included
   * @param ofDelegator how much the delegator who asks has
   * @param authorities how many authority blocks of that delegator have any, the one who asks
   *     included
   * @param ofAuthority how much the authority block that asks has
   */
  public record Room(
      long total, long delegators, long ofDelegator, long authorities, long ofAuthority) {
    /**
     * The capacity of a memory, if it is one.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
     */
    public static int checked(int capacity) {
      if (capacity < 1) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a memory has room for one entry at least, not " + capacity);
      }
      return capacity;
    }

    /**
     * The refusal of a memory that has no room for another entry of somebody.
     *
     * @param code {@link ErrorCode#REPLAY_CACHE_FULL}, {@link ErrorCode#BUDGETS_FULL} or {@link
     *     ErrorCode#APPROVAL_USES_FULL}
     * @param capacity how many entries the memory holds
     */
    public static TaperException full(ErrorCode code, long capacity) {
      String add =
          switch (code) {
            case REPLAY_CACHE_FULL -> "remember another proof";
            case BUDGETS_FULL -> "count another budget";
            case APPROVAL_USES_FULL -> "remember another used approval";
            default -> throw new IllegalArgumentException(code + " is no code of a full memory");
          };
      return new TaperException(
          code, "no room to " + add + " of this delegation; there is room for " + capacity);
    }

    /**
     * True if entries may be added.
     *
     * @param wanted how many, or how many bytes they take
     * @param capacity how many the memory holds
     */
    public boolean hasRoom(long wanted, long capacity) {
      return hasRoom(wanted, capacity, 1);
    }

    /**
     * True if entries may be added, where amounts are bytes.
     *
     * @param wanted how many bytes they take
     * @param capacity how many the memory holds
     * @param least how many an authority block with one entry takes at least
     */
    public boolean hasRoom(long wanted, long capacity, long least) {
      if (total + wanted > capacity) {
        return false;
      }
      if (isUpToHalf(total + wanted, capacity)) {
        return true;
      }
      boolean isAlone = delegators == 1;
      long part = isAlone ? capacity : part(capacity, delegators);
      long share = isAlone ? allBut(authorities == 1 ? 8 : 16, capacity) : part;
      if (authorities == 1 || (isAlone && ofDelegator + wanted > share)) {
        return ofDelegator + wanted <= share;
      }
      boolean isInPart = ofAuthority + wanted <= part(part, authorities);
      if (isInPart && ofDelegator + wanted > share) {
        // Blocks are signed by an issuer; even so no more of them have a part than a share has
        // room.
        return authorities <= share / least && total + wanted <= capacity - reserved(capacity);
      }
      return isInPart || isUpToHalf(ofDelegator + wanted, share);
    }

    /** What one of several delegators leaves to others when it goes beyond its share. */
    private long reserved(long capacity) {
      return capacity / (ofAuthority == 0 ? 8 : 4);
    }

    private static boolean isUpToHalf(long some, long all) {
      return 2 * some <= all;
    }

    private static long part(long all, long parties) {
      return Math.max(1, all / (parties + 1));
    }

    /** All but one of so many equal pieces. */
    private static long allBut(long pieces, long all) {
      return Math.max(1, all * (pieces - 1) / pieces);
    }
  }
}
