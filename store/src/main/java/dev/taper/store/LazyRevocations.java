package dev.taper.store;

import dev.taper.Given;
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
  private final DatabaseAddress address;
  private final Path directory;
  private final String text;
  private final Clock clock;
  private @Nullable Database database; // guarded by this
  private boolean closed; // guarded by this

  /**
   * Makes a source that fetches from a database, which it opens and closes.
   *
   * @param address the database's address; see {@link Database#open}
   * @param directory where relative files start
   * @param clock the clock
   * @throws TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if the address is not valid
   */
  public LazyRevocations(String address, Path directory, Clock clock) {
    this.address = DatabaseAddress.parse(address, directory);
    this.directory = directory;
    this.text = address;
    this.clock = Given.that(clock, "the clock");
  }

  @Override
  public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
    return new SqlRevocations(database(), clock).fetch(version, sequence);
  }

  private synchronized Database database() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (database == null) {
      try {
        database = Database.openExisting(text, directory);
      } catch (TaperException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return database;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (database != null) {
      database.close();
    }
  }

  /** The address without user, password or other parameters. */
  @Override
  public String toString() {
    return address.shown();
  }
}
