package dev.taper.operations;

import dev.taper.store.Database;
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
}
