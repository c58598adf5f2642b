package dev.taper.server.console;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The databases of the console's tests: both real. */
enum RealDatabase {
  SQLITE {
    @Override
    String create(Path folder) {
      return "sqlite:" + folder.resolve("taper.db");
    }
  },
  POSTGRESQL {
    @Override
    String create(Path folder) throws Exception {
      String name = "console_" + NEXT.incrementAndGet();
      try (Connection connection = DriverManager.getConnection(Server.URL);
          Statement statement = connection.createStatement()) {
        statement.execute("DROP DATABASE IF EXISTS " + name);
        statement.execute("CREATE DATABASE " + name);
      }
      return Server.URL.replaceFirst("/postgres\\?", "/" + name + "?");
    }
  };

  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() % 100_000) * 1000);

  /** The address of a database that nobody has used yet. */
  abstract String create(Path folder) throws Exception;

  /** One server for all tests of this JVM, or the one that is given. */
  private static final class Server {
    static final String URL = url(System.getProperty("taper.postgresql"));

    private static String url(@Nullable String given) {
      if (given != null) {
        return given;
      }
      try {
        EmbeddedPostgres started =
            EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started)));
        return started.getJdbcUrl("postgres", "postgres");
      } catch (IOException e) {
        throw new UncheckedIOException("no PostgreSQL starts here: -Dtaper.postgresql=jdbc:…", e);
      }
    }

    private static void close(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
