package dev.taper.server.serve.lists;

import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Reviews;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a list's database to be signed: entries that no list states, and reviews whose date
 * has passed. The database is opened at the first look, and again if that failed. For one thread at
 * a time.
 */
final class WaitingEntries implements AutoCloseable {
  private final Workplace workplace;
  private final Place.Sql place;
  private @Nullable Database database;

  WaitingEntries(Workplace workplace, Place.Sql place) {
    this.workplace = workplace;
    this.place = place;
  }

  /**
   * True if something waits.
   *
   * @throws dev.taper.TaperException if the database cannot be asked
   */
  boolean isAny() {
    Database open = database;
    if (open == null) {
      open = workplace.openExisting(place);
      database = open;
    }
    return new SqlRevocations(open, workplace.clock()).hasUnsigned()
        || new Reviews(open, workplace.clock()).isDue();
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
