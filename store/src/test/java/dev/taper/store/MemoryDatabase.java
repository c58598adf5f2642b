package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database of one test of memories, with nothing in them, opened as often as the test likes.
 */
final class MemoryDatabase implements AutoCloseable {
  private static final int PATIENT = 20;

  /** To make one takes a server long. */
  private static @Nullable String onTheServer;

  private final String address;
  private final Path folder;
  private final List<Database> opened = new ArrayList<>();

  MemoryDatabase(TestDatabase kind, Path folder) {
    this.folder = folder;
    this.address = kind == TestDatabase.SQLITE ? kind.create(folder) : onTheServer(kind, folder);
    open()
        .transaction(
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM approval_use");
                statement.executeUpdate("DELETE FROM proof_use");
                statement.executeUpdate("DELETE FROM budget_counter");
                statement.executeUpdate("DELETE FROM budget_part");
                statement.executeUpdate("DELETE FROM ask");
                return statement.executeUpdate("UPDATE forgotten SET up_to = -1, lost_at = NULL");
              }
            });
  }

  private static synchronized String onTheServer(TestDatabase kind, Path folder) {
    String known = onTheServer;
    if (known == null) {
      known = kind.create(folder);
      onTheServer = known;
    }
    return known;
  }

  String address() {
    return address;
  }

  Database open() {
    Database database = await(address, folder);
    opened.add(database);
    return database;
  }

  /** Opens a database in another process, however busy the machine is. */
  static Database await(String address) {
    return await(address, Path.of("").toAbsolutePath());
  }

  private static Database await(String address, Path folder) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Database.open(address, folder);
      } catch (TaperException e) {
        if (e.code() != ErrorCode.DATABASE_UNAVAILABLE || attempt == PATIENT) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    opened.forEach(Database::close);
  }
}
