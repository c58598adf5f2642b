package dev.taper.store;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The address of a database.
 *
 * @param shown the form that may be printed, without parameters, which can hold a password
 * @param file the file of an SQLite database, or null
 * @param url the address of a PostgreSQL database; unused for a file
 */
record DatabaseAddress(String shown, @Nullable Path file, String url) {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private static final String SQLITE = "sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final int BUSY_MILLIS = 10_000;
  private static final int CONNECT_SECONDS = 5;
  private static final int ANSWER_SECONDS = 30;
  private static final int LOCK_SECONDS = 5;
  private static final int STATEMENT_SECONDS = 25;
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern SSL_MODE = Pattern.compile("[?&]sslmode=", Pattern.CASE_INSENSITIVE);

  static DatabaseAddress parse(String text, Path directory) {
    if (text.startsWith(SQLITE) && text.length() > SQLITE.length()) {
      try {
        Path file = directory.resolve(text.substring(SQLITE.length()));
        return new DatabaseAddress(text, file, "");
      } catch (InvalidPathException e) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "not the name of a file: " + text, e);
      }
    }
    if (text.startsWith(POSTGRESQL)) {
      return server(text);
    }
    // The address is not quoted, because it may hold a password.
    throw invalid("a database is sqlite:FILE or jdbc:postgresql://HOST/NAME?user=NAME");
  }

  private static DatabaseAddress server(String text) {
    int parameters = text.indexOf('?');
    String shown = parameters < 0 ? text : text.substring(0, parameters);
    if (shown.contains("@")) {
      throw invalid("user and password are parameters of a PostgreSQL address: ?user=NAME");
    }
    String host = host(shown);
    boolean isHere = THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
    if (isHere || SSL_MODE.matcher(text).find()) {
      return new DatabaseAddress(shown, null, text);
    }
    String more = parameters < 0 ? "?" : "&";
    return new DatabaseAddress(shown, null, text + more + "sslmode=verify-full");
  }

  private static String host(String shown) {
    String rest = shown.substring("jdbc:".length());
    if (!rest.startsWith("postgresql://")) {
      return "localhost";
    }
    try {
      return Objects.requireNonNullElse(new URI(rest).getHost(), "");
    } catch (URISyntaxException e) {
      return ""; // several hosts, for example: none of them is taken for this machine
    }
  }

  boolean isServer() {
    return file == null;
  }

  /**
   * Makes an SQLite file with its tables, if there is none. The file gets its name only when it is
   * whole, so a file without tables is never one that is still being made. Only its owner can read
   * it; SQLite gives its helper files the same permissions.
   */
  void createFile() {
    if (file == null || Files.exists(file)) {
      return;
    }
    Path draft = null;
    try {
      draft = Files.createTempFile(folder(file), "." + file.getFileName() + ".", ".new");
      new Schema(this, fileSource(draft)).create();
      publish(draft, file);
    } catch (FileAlreadyExistsException e) {
      // Another process has just made it.
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.DATABASE_UNAVAILABLE, "cannot make " + shown + ": " + e.getMessage(), e);
    } finally {
      discard(draft);
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
  }

  /** Gives a file its name, unless another file has that name. */
  private static void publish(Path draft, Path file) throws IOException {
    try {
      Files.createLink(file, draft);
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file);
    }
  }

  private static void discard(@Nullable Path draft) {
    if (draft == null) {
      return;
    }
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      LOG.warn("{} stays behind: {}", draft, Causes.reason(e));
    }
  }

  void requireFile() {
    if (file != null && !Files.exists(file)) {
      throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "there is no " + shown);
    }
  }

  /** Refuses an emptied file before anything is written to it. */
  void requireContent() {
    try {
      if (file != null && Files.size(file) == 0) {
        throw emptied();
      }
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.DATABASE_UNAVAILABLE, "cannot read " + shown + ": " + Causes.reason(e), e);
    }
  }

  /** Makes the error for a file without our tables. */
  TaperException emptied() {
    return new TaperException(
        ErrorCode.DATABASE_SCHEMA,
        shown
            + " was emptied, or holds something else: what it remembered is lost; restore it, or"
            + " delete the file to begin anew");
  }

  /** How long an answer may take for a caller without a deadline. */
  Duration longestWait() {
    return isServer() ? Duration.ofSeconds(ANSWER_SECONDS) : Duration.ofMillis(BUSY_MILLIS);
  }

  /**
   * The statements that every connection begins with; null for none. They make a server end
   * statements by itself, even if the client went away, so that no statement waits for a lock after
   * its caller has given up, and make it keep what it commits, whatever its own settings say.
   */
  @Nullable String connectionSql() {
    return isServer()
        ? "SET lock_timeout = '"
            + LOCK_SECONDS
            + "s'; SET statement_timeout = '"
            + STATEMENT_SECONDS
            + "s'; SELECT set_config('synchronous_commit', 'on', false)"
            + " WHERE current_setting('synchronous_commit') = 'off'"
        : null;
  }

  DataSource dataSource() {
    return file == null ? serverSource() : fileSource(file);
  }

  private DataSource serverSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setURL(url);
    } catch (IllegalArgumentException e) {
      throw invalid("not the address of a PostgreSQL database: " + shown);
    }
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("taper");
    return source;
  }

  private static DataSource fileSource(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // A commit is on the disk before it is acknowledged.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    // Flyway's transactions: one that reads first and writes later would fail and not wait.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
