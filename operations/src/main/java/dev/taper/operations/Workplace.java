package dev.taper.operations;

import dev.taper.revocation.RevocationFeed;
import dev.taper.revocation.RevocationSource;
import dev.taper.store.Database;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Where operations work. Immutable and thread-safe.
 *
 * @param folder what relative paths start from
 * @param clock what time it is
 */
public record Workplace(Path folder, Clock clock) {
  /**
   * The path of a file.
   *
   * @throws OperationException {@code usage} if the name cannot be a path
   */
  public Path resolve(String file) {
    try {
      return folder.resolve(file);
    } catch (InvalidPathException e) {
      throw OperationException.usage("not a file name: " + Place.shown(file));
    }
  }

  /** True if there is no database yet: the file that it is in is not there. */
  public boolean isMissing(Place.Sql place) {
    String file = place.file();
    return file != null && !Files.exists(resolve(file));
  }

  /**
   * Opens a database, and makes it if there is none. The caller closes it.
   *
   * @throws dev.taper.TaperException as {@link Database#open}
   */
  public Database open(Place.Sql place) {
    return Database.open(place.address(), folder);
  }

  /**
   * Opens a database that must be there. The caller closes it.
   *
   * @throws dev.taper.TaperException as {@link Database#openExisting}
   */
  public Database openExisting(Place.Sql place) {
    return Database.openExisting(place.address(), folder);
  }

  /**
   * Opens lists in a server, by what is on the class path for it; nothing is asked yet.
   *
   * @return to be closed by the caller
   * @throws OperationException {@code usage} if there is nothing for it
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the address is
   *     none
   */
  public SharedLists lists(Place.Shared place) {
    return Stores.provider(place).lists(place.address(), folder);
  }

  /**
   * Signed revocation lists in a server, where one process publishes them and others hear of each
   * at once. The server need not be trusted: lists are signed and numbered. Thread-safe.
   */
  public interface SharedLists extends RevocationSource, AutoCloseable {
    /**
     * Publishes whole lists, in place of all before.
     *
     * @param signed a snapshot, perhaps with deltas behind it
     * @param sequence the number of the last of them
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#REVOCATIONS_ROLLED_BACK} if there
     *     is a later one, {@link dev.taper.ErrorCode#DATABASE_UNAVAILABLE} if that fails
     */
    void publishSnapshot(byte[] signed, long sequence);

    /**
     * Publishes what adds to the list.
     *
     * @param signed a delta, or several one behind the other
     * @param base the number of the list that they add to
     * @param sequence the number of the last of them
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#REVOCATIONS_INCOMPLETE} if a
     *     snapshot is needed, {@link dev.taper.ErrorCode#DATABASE_UNAVAILABLE} if that fails
     */
    void publishDelta(byte[] signed, long base, long sequence);

    /**
     * True if the server has the lists up to a number, and none behind it; it may have lost them.
     *
     * @param sequence the number of the last list
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#DATABASE_UNAVAILABLE} if it
     *     cannot be asked
     */
    boolean has(long sequence);

    /**
     * Lets a feed of these lists fetch as soon as something is published, and after each loss of
     * the connection, until this is closed.
     */
    void refresh(RevocationFeed feed);

    @Override
    void close();
  }
}
