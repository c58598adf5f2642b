package dev.taper.store;

import dev.taper.TaperException;
import dev.taper.revocation.RevocationSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Fetches signed lists from a database that need not be there yet: the first fetch that finds it
 * opens it. So a verifier can start while the database is down, and denies all calls until it has a
 * list. Thread-safe.
 */
public final class LazyRevocations implements RevocationSource, AutoCloseable {
  private final Database database;
  private final SqlRevocations lists;

  /**
   * Makes a source that fetches from a database, which it opens and closes.
   *
   * @param address the database's address; see {@link Database#open}
   * @param directory where relative files start
   * @param clock the clock
   * @throws TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the address is not valid
   */
  public LazyRevocations(String address, Path directory, Clock clock) {
    this.database = Database.existingAtFirstUse(address, directory);
    this.lists = new SqlRevocations(database, clock);
  }

  @Override
  public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
    return lists.fetch(version, sequence);
  }

  @Override
  public void close() {
    database.close();
  }

  /** The address without user, password or other parameters. */
  @Override
  public String toString() {
    return database.toString();
  }
}
