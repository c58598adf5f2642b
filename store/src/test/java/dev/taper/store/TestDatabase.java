package dev.taper.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The databases that every test runs on: both real. */
public enum TestDatabase {
  SQLITE {
    @Override
    public String create(Path folder) {
      return "sqlite:" + folder.resolve("taper-" + NEXT.incrementAndGet() + ".db");
    }
  },
  POSTGRESQL {
    @Override
    public String create(Path folder) {
      String server = Server.url();
      String name = "taper_" + ProcessHandle.current().pid() + "_" + NEXT.incrementAndGet();
      try (Connection connection = DriverManager.getConnection(server);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException("no database for the test", e);
      }
      // The server keeps nothing if the machine fails, which is fast, and has to be accepted.
      return server.replaceFirst("/postgres\\?", "/" + name + "?") + "&fsync=off";
    }
  };

  private static final AtomicInteger NEXT = new AtomicInteger();

  /** The address of a database that nobody has used yet. */
  public abstract String create(Path folder);

  /** A database that nobody has used yet. */
  public Database open(Path folder) {
    return Database.open(create(folder), folder);
  }

  /** Whether the tests use somebody's server, which they must not stop. */
  static boolean serverIsGiven() {
    return Server.GIVEN != null;
  }

  /** The address of the PostgreSQL server that tests share. */
  static String serverAddress() {
    return Server.url();
  }

  /** Takes a PostgreSQL database away from whoever uses it. */
  static void drop(String address) {
    String name = address.replaceFirst("^.*/", "").replaceFirst("\\?.*$", "");
    try (Connection connection = DriverManager.getConnection(Server.url());
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    } catch (SQLException e) {
      throw new IllegalStateException("the test's database stays", e);
    }
  }

  /** One server for all tests of this JVM. */
  private static final class Server {
    /** Another server's address, ending in {@code /postgres?user=…}; none starts one. */
    private static final @Nullable String GIVEN = System.getProperty("taper.postgresql");

    private static final @Nullable EmbeddedPostgres OWN = GIVEN == null ? start() : null;

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres started =
            EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started)));
        return started;
      } catch (IOException e) {
        throw new UncheckedIOException(
            "no PostgreSQL for the tests starts here; give the address of one that runs:"
                + " -Dtaper.postgresql='jdbc:postgresql://localhost/postgres?user=postgres'",
            e);
      }
    }

    private static void close(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static String url() {
      return OWN == null
          ? java.util.Objects.requireNonNull(GIVEN)
          : OWN.getJdbcUrl("postgres", "postgres");
    }
  }
}
