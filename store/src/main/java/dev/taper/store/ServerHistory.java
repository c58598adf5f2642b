package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.store.SharedTransactions.WorkResult;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a server may have lost what memories claimed: another server answers, a copy was
 * promoted, or the server went back behind what this process was told. Each claim looks in its own
 * transaction. A loss is noted in the database, for all that share it. A file is never replaced
 * while it is used; for one this only reads. Thread-safe.
 */
final class ServerHistory {
  /** How far the clocks of two verifiers may differ. */
  static final Duration CLOCKS = Duration.ofMinutes(2);

  /** A server that does not keep what it confirms is another server than the same one later. */
  private static final String UNSAFE = " unsafe";

  private static final int TIMELINE_DIGITS = 8;
  private static final int ATTEMPTS = 3;

  /**
   * The system is looked up when a connection is made ({@link DatabaseAddress#connectionSql}): it
   * stays for as long as the connection. Of the write-ahead log the name of the present file begins
   * with the timeline.
   */
  private static final String ON_SERVER =
      "SELECT up_to, lost_at, server, current_setting('taper.system') || '/'"
          + " || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)"
          + " || CASE WHEN current_setting('taper.keeps') = 'all'"
          + " AND (current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off')"
          + " THEN '"
          + UNSAFE
          + "' ELSE '' END, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::BIGINT"
          + " FROM forgotten WHERE memory = ?";

  private static final String IN_FILE =
      "SELECT up_to, lost_at, server, '', 0 FROM forgotten WHERE memory = ?";

  /**
   * What is known of a memory.
   *
   * @param forgotten up to where it has forgotten what had ended
   * @param lost up to when claims may have been lost; null if none were
   */
  record MemoryState(long forgotten, @Nullable Instant lost) {
    /** A time, or the latest that was forgotten: time never goes back. */
    Instant later(Instant time) {
      Instant end = Instant.ofEpochMilli(forgotten);
      return time.isBefore(end) ? end : time;
    }
  }

  /**
   * A server at one moment.
   *
   * @param name the system, and how often a copy of it was promoted
   * @param position how much it has written; a server that keeps what it confirms never goes back
   */
  private record Place(String name, long position) {
    boolean isUnsafe() {
      return name.endsWith(UNSAFE);
    }

    private String system() {
      return name.substring(0, name.indexOf('/'));
    }

    private String timeline() {
      int start = name.indexOf('/') + 1;
      return name.substring(start, start + TIMELINE_DIGITS);
    }

    /** True if it is of the same system, and was promoted less often. */
    boolean isOlderThan(Place other) {
      return system().equals(other.system()) && timeline().compareTo(other.timeline()) < 0;
    }

    /** True if it is the same server later, or one that took its place. */
    boolean isLaterThan(Place other) {
      return name.equals(other.name) ? position > other.position : !isOlderThan(other);
    }

    /** True if this process cannot be told by what another one noted that claims may be lost. */
    boolean isBehind(Place before) {
      return !system().equals(before.system())
          || (name.equals(before.name) && position < before.position);
    }
  }

  /** Undoes the transaction: the server is not the one that is noted. */
  private static final class ChangedServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Place now;
    private final boolean isLoss;

    ChangedServerException(Place now, boolean isLoss) {
      super(null, null, false, false);
      this.now = now;
      this.isLoss = isLoss;
    }
  }

  /** One claim's look. For one transaction at a time. */
  final class Look {
    private @Nullable Place before;
    private @Nullable Place seen;
    private boolean counts;

    /** Notes whether what the transaction did counts, and passes that on. */
    <R> WorkResult<R> noted(WorkResult<R> result) {
      counts = result.counts();
      return result;
    }

    /**
     * Reads what is known of a memory, as part of the claim's transaction.
     *
     * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} if the server does not keep
     *     what it confirms, or is one that was replaced
     */
    MemoryState read(Connection connection, String memory) throws SQLException {
      try (PreparedStatement select = connection.prepareStatement(sql())) {
        select.setString(1, memory);
        begin();
        try (ResultSet row = select.executeQuery()) {
          return state(row);
        }
      }
    }

    /** The statement that reads; its parameter is the name of the memory's table. */
    String sql() {
      return database.isServer() ? ON_SERVER : IN_FILE;
    }

    /** Begins to read: others may be told more than this at the same time. */
    void begin() {
      before = told.get();
    }

    /** As {@link #read}, of the statement's answer. */
    MemoryState state(ResultSet row) throws SQLException {
      row.next();
      Place now = new Place(row.getString(4), row.getLong(5));
      if (database.isServer()) {
        check(now, row.getString(3));
      }
      seen = now;
      return new MemoryState(row.getLong(1), Sql.moment(row, "lost_at"));
    }

    private void check(Place now, String noted) {
      if (before != null && now.isOlderThan(before)) {
        throw unavailable("is a server that another one has replaced");
      }
      if (!noted.equals(now.name) || (before != null && now.isBehind(before))) {
        throw new ChangedServerException(now, before != null || !noted.isEmpty());
      }
      if (now.isUnsafe()) {
        throw unavailable(
            "does not keep what it confirms: fsync and full_page_writes have to be on");
      }
    }
  }

  private final Database database;
  private final AtomicReference<@Nullable Place> told = new AtomicReference<>();
  private final AtomicLong latest = new AtomicLong();

  ServerHistory(Database database) {
    this.database = database;
  }

  /**
   * Claims, or looks at what is claimed.
   *
   * @param now the verifier's time: a loss that is noted later is no earlier
   * @param claim does so with a look of its own, which has to read the state of each memory
   */
  <T> T during(Instant now, Function<Look, T> claim) {
    latest.accumulateAndGet(now.toEpochMilli(), Math::max);
    for (int attempt = 1; ; attempt++) {
      Look look = new Look();
      try {
        T answer = claim.apply(look);
        if (look.counts) {
          told(look.seen);
        }
        return answer;
      } catch (ChangedServerException e) {
        if (attempt == ATTEMPTS) {
          throw unavailable("changes all the time");
        }
        note(e);
      }
    }
  }

  /** A claim, as part of a transaction. */
  interface Claim<T> {
    /** Claims; what does not count is undone. */
    WorkResult<T> run(Connection connection, Look look) throws SQLException;
  }

  /** Claims in a short transaction, as {@link #during} says. */
  <T> T claimed(Instant now, Claim<T> claim) {
    return during(
        now, look -> database.shared(connection -> look.noted(claim.run(connection, look))));
  }

  /**
   * Notes what a memory will forget, before it does: what ended before a time.
   *
   * @param memory its table
   * @param order the column by which it is told what was forgotten
   * @return the latest of it; null if there is nothing
   */
  static @Nullable Instant noteForgotten(
      Connection connection, String memory, String order, Instant end) throws SQLException {
    Instant latest =
        Sql.first(
                connection,
                "SELECT MAX(" + order + ") AS latest FROM " + memory + " WHERE ends_at < ?",
                row -> Optional.ofNullable(Sql.moment(row, "latest")),
                end)
            .flatMap(any -> any)
            .orElse(null);
    if (latest != null) {
      Sql.update(
          connection,
          "UPDATE forgotten SET up_to = ? WHERE memory = ? AND up_to < ?",
          latest,
          memory,
          latest);
    }
    return latest;
  }

  /** What was confirmed is on the disk: the server never goes behind it. */
  private void told(@Nullable Place seen) {
    if (seen != null && database.isServer()) {
      told.accumulateAndGet(
          seen, (before, now) -> before == null || now.isLaterThan(before) ? now : before);
    }
  }

  /** Notes for all memories which server it is now, and that it may have lost something. */
  private void note(ChangedServerException changed) {
    Place now = changed.now;
    int unused =
        database.transaction(
            connection ->
                changed.isLoss
                    ? Sql.update(
                        connection,
                        "UPDATE forgotten SET server = ?, lost_at = GREATEST(lost_at, ?)",
                        now.name,
                        latest.get())
                    : Sql.update(
                        connection, "UPDATE forgotten SET server = ? WHERE server = ''", now.name));
    told.set(now);
  }

  /**
   * The cause of a refusal that only concerns what a caller chose to ask for: a verifier goes on
   * asking for others.
   */
  static TaperException ofWhatWasAsked() {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, "the server answers, and not to this");
  }

  private TaperException unavailable(String what) {
    return new TaperException(ErrorCode.DATABASE_UNAVAILABLE, database + " " + what);
  }
}
