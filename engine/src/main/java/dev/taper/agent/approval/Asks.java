package dev.taper.agent.approval;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the asks of a service, until they end. The room is bounded in bytes, and so in number, and
 * shared by {@link MemoryShare.Room}. Used from any thread. A store that may wait gives up at
 * {@link dev.taper.Deadline#current}.
 *
 * <p>Every method throws a {@link TaperException} if the store cannot be asked; then nothing was
 * changed, as far as the caller can know.
 */
public interface Asks {
  /** The default for the room, in bytes: 5,000 asks of the usual size. */
  long DEFAULT_ROOM = 32L << 20;

  /** Keeps asks in this process, with {@link #DEFAULT_ROOM}. */
  static Asks inMemory() {
    return inMemory(DEFAULT_ROOM);
  }

  /**
   * Keeps asks in this process: for a service of one machine, which forgets them when it starts
   * anew.
   *
   * @param room the most bytes of all asks, at least 1
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a room below 1
   */
  static Asks inMemory(long room) {
    return new InMemoryAsks(room);
  }

  /**
   * The room of a store, if it is one.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a room below 1
   */
  static long checked(long room) {
    if (room < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a room for asks has one byte at least, not " + room);
    }
    return room;
  }

  /** What became of something to keep. */
  enum Kept {
    /** It is kept. */
    YES,
    /** There is no room for it. */
    NO_ROOM,
    /** The ask was changed meanwhile, or is not there any more. */
    CHANGED
  }

  /**
   * Keeps a new ask.
   *
   * @param ask of revision 0, with a name that nobody has
   * @param now the time; what ended by then may be forgotten
   */
  @CheckReturnValue
  Kept add(Ask ask, Instant now);

  /** Finds an ask that has not ended; null if there is none of that name. */
  @Nullable Ask find(String name, Instant now);

  /**
   * Lists the asks that have not ended, the one that ends first first, so that a queue reads only
   * what it has not read yet. There are no more than the room has space for.
   */
  List<Ask.Head> heads(Instant now);

  /**
   * Keeps a changed ask instead of the one that it was made from. Of several who change one ask at
   * the same time, one succeeds. The whole room is all that bounds it, and no share.
   *
   * @param changed of the revision after the one that is kept
   */
  @CheckReturnValue
  Kept replace(Ask changed, Instant now);
}
