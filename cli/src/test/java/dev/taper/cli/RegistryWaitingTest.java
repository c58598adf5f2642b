package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees while a registry is busy. */
class RegistryWaitingTest {
  @TempDir Path folder;

  @Test
  void forget_registryIsBusyForMoreThanASecond_saysThatItWaits() throws SQLException {
    Cli cli = new Cli(folder);
    new Agents(cli).mint("planner.token", "--registry", "sqlite:taper.db");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("taper.db"));
        Statement lock = other.createStatement()) {
      lock.execute("BEGIN IMMEDIATE");
      PrintStream seen =
          new PrintStream(err, false, StandardCharsets.UTF_8) {
            @Override
            public void flush() {
              super.flush();
              release(lock);
            }
          };
      Console console =
          new Console(
              InputStream.nullInputStream(),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              seen,
              Map.of(),
              Clock.systemUTC(),
              new Terminals(false, false, true),
              folder);
      int exit =
          new TaperCommandLine(console)
              .run("registry", "forget", "--ended-before", "90d", "--registry", "sqlite:taper.db");

      assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isZero();
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("\r\u001b[Ktaper: forgetting what ended: 1 s ")
        .endsWith("\r\u001b[K");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Forgot 0 delegations.\n");
  }

  /** The first sign of waiting ends it. */
  private static void release(Statement lock) {
    try {
      if (!lock.getConnection().isClosed()) {
        lock.execute("ROLLBACK");
      }
    } catch (SQLException e) {
      // released already
    }
  }
}
