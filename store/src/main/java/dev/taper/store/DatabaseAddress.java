package dev.taper.store;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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

  /** How long a server waits for a lock, for callers without a deadline. */
  static final int LOCK_MILLIS = 5_000;

  private static final int STATEMENT_MILLIS = 25_000;

  /** Tells a server the usual time-outs. */
  static final String TIME_OUTS = timeOuts(LOCK_MILLIS, STATEMENT_MILLIS);

  /** Of several hosts, how long to try each. */
  private static final int HOST_SECONDS = 2;

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern SSL_MODE = Pattern.compile("[?&]sslmode=", Pattern.CASE_INSENSITIVE);
  private static final Pattern TARGET =
      Pattern.compile("[?&]targetServerType=([^&]*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern PORT = Pattern.compile(":[0-9]*$");

  /** Says that a server may be one that does not keep what it confirms. */
  private static final Pattern MAY_FORGET = Pattern.compile("[?&]fsync=off(?=&|$)");

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
    List<String> hosts = hosts(shown);
    Matcher target = TARGET.matcher(text);
    boolean isTargeted = target.find();
    if (isTargeted && !target.group(1).equals("primary")) {
      throw invalid("memories and records are kept by a primary server: targetServerType=primary");
    }
    List<String> added = new ArrayList<>();
    boolean isHere =
        hosts.stream().allMatch(host -> THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT)));
    if (!isHere && !SSL_MODE.matcher(text).find()) {
      added.add("sslmode=verify-full");
    }
    if (hosts.size() > 1 && !isTargeted) {
      added.add("targetServerType=primary");
    }
    if (added.isEmpty()) {
      return new DatabaseAddress(shown, null, text);
    }
    String more = parameters < 0 ? "?" : "&";
    return new DatabaseAddress(shown, null, text + more + String.join("&", added));
  }

  /** The hosts without their ports; none is the empty name, which is not this machine. */
  private static List<String> hosts(String shown) {
    String rest = shown.substring(POSTGRESQL.length());
    if (!rest.startsWith("//")) {
      return List.of("localhost");
    }
    int end = rest.indexOf('/', 2);
    List<String> hosts = new ArrayList<>();
    for (String each : rest.substring(2, end < 0 ? rest.length() : end).split(",", -1)) {
      hosts.add(PORT.matcher(each).replaceFirst(""));
    }
    return hosts;
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
   * its caller has given up, and make it keep what it commits, whatever its own settings say. They
   * note which system it is, which stays for as long as a connection, for {@link ServerHistory}.
   */
  @Nullable String connectionSql() {
    return isServer()
        ? TIME_OUTS
            + "; SELECT set_config('synchronous_commit', 'on', false)"
            + " WHERE current_setting('synchronous_commit') = 'off'"
            + "; SELECT set_config('taper.system', system_identifier::TEXT, false)"
            + " FROM pg_control_system(); SET taper.keeps = '"
            + (MAY_FORGET.matcher(url).find() ? "some" : "all")
            + "'"
        : null;
  }

  /** Tells a server how long to wait for a lock, and for a statement, in milliseconds. */
  static String timeOuts(int lock, int statement) {
    return "SET lock_timeout = " + lock + "; SET statement_timeout = " + statement;
  }

  DataSource dataSource() {
    return file == null ? serverSource() : fileSource(file);
  }

  private ServerSource serverSource() {
    ServerSource source = new ServerSource();
    try {
      source.setURL(url);
    } catch (IllegalArgumentException e) {
      throw invalid("not the address of a PostgreSQL database: " + shown);
    }
    int hosts = source.getServerNames().length;
    source.setConnectTimeout(hosts > 1 ? HOST_SECONDS : CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS + (hosts - 1) * HOST_SECONDS);
    source.setHostRecheckSeconds(1); // how long the driver believes that a host is no primary one
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
