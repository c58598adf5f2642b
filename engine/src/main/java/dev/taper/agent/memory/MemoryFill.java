package dev.taper.agent.memory;

import dev.taper.ErrorCode;
import dev.taper.TaperException;

/**
 * How full a shared memory is, as seen by one who wants to add to it: the one rule by which all
 * such memories are shared. Immutable and thread-safe.
 *
 * <p>Up to half of its capacity nobody is limited. Above that, each delegator may have the capacity
 * divided by the number of delegators in it and one more, so that there is room for the next one;
 * in a delegator's share, its authority blocks share in the same way. An authority block that has
 * no entry yet gets its first ones even if others of its delegator have used up the share, as long
 * as an eighth of the memory stays free for other delegators. A full memory refuses everyone: none
 * forgets what could still be used.
 *
 * @param total how many entries there are
 * @param delegators how many delegators have any, the one who asks included
 * @param ofDelegator how many entries the delegator who asks has
 * @param authorities how many authority blocks of that delegator have any, the one who asks
 *     included
 * @param ofAuthority how many entries the authority block that asks has
 */
public record MemoryFill(
    long total, long delegators, long ofDelegator, long authorities, long ofAuthority) {
  private static final long RESERVED = 8;

  /**
   * The capacity of a memory, if it is one.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a capacity below 1
   */
  public static int checked(int capacity) {
    if (capacity < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a memory has room for one entry at least, not " + capacity);
    }
    return capacity;
  }

  /**
   * True if entries may be added.
   *
   * @param wanted how many
   * @param capacity how many entries the memory holds
   */
  public boolean hasRoom(long wanted, long capacity) {
    if (total + wanted > capacity) {
      return false;
    }
    if (isUpToHalf(total + wanted, capacity)) {
      return true;
    }
    long share = part(capacity, delegators);
    if (isFirstOfAuthority(wanted, share) && total + wanted <= capacity - capacity / RESERVED) {
      return true;
    }
    if (ofDelegator + wanted > share) {
      return false;
    }
    return isUpToHalf(ofDelegator + wanted, share)
        || ofAuthority + wanted <= part(share, authorities);
  }

  /** Blocks are signed by an issuer; even so they get no more first entries than a share has. */
  private boolean isFirstOfAuthority(long wanted, long share) {
    return ofAuthority == 0 && authorities <= share && wanted <= part(share, authorities);
  }

  private static boolean isUpToHalf(long some, long all) {
    return 2 * some <= all;
  }

  private static long part(long all, long parties) {
    return Math.max(1, all / (parties + 1));
  }
}
