package dev.taper.store;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Supplier;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what a failure of the database means. */
final class SqlFailures {
  private SqlFailures() {}

  /** True if the work may succeed when it is done again. */
  static boolean isCollision(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      return primary(sqlite) == SQLiteErrorCode.SQLITE_BUSY;
    }
    String state = state(e);
    return state.equals("40001") || state.equals("40P01");
  }

  /** True if the server went away, or is no longer the one that may be written to. */
  static boolean isLostServer(SQLException e) {
    String state = state(e);
    return state.startsWith("08") || state.startsWith("57P") || state.equals("25006");
  }

  /** True if a table is missing. */
  static boolean isMissingTable(SQLException e) {
    return state(e).equals("42P01")
        || (e instanceof SQLiteException
            && String.valueOf(e.getMessage()).contains("no such table"));
  }

  /**
   * Asks a memory in a database. What cannot be found out gets a code of the memory; that it is
   * full is an answer.
   *
   * @param unavailable the code
   * @param otherwise what is not known then
   */
  static <T> T asked(ErrorCode unavailable, String otherwise, Supplier<T> question) {
    try {
      return question.get();
    } catch (TaperException e) {
      throw switch (e.code()) {
        case REPLAY_CACHE_FULL, BUDGETS_FULL, APPROVAL_USES_FULL -> e;
        default -> new TaperException(unavailable, otherwise + ": " + e.getMessage(), e);
      };
    }
  }

  static TaperException exception(String database, SQLException e) {
    boolean unavailable = isUnavailable(e);
    return new TaperException(
        unavailable ? ErrorCode.DATABASE_UNAVAILABLE : ErrorCode.DATABASE_FAILED,
        (unavailable ? "cannot use " : "failed in ") + database + ": " + firstLine(e),
        e);
  }

  private static boolean isUnavailable(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      return switch (primary(sqlite)) {
        case SQLITE_CANTOPEN,
            SQLITE_BUSY,
            SQLITE_FULL,
            SQLITE_LOCKED,
            SQLITE_INTERRUPT,
            SQLITE_IOERR,
            SQLITE_READONLY,
            SQLITE_PERM ->
            true;
        default -> false;
      };
    }
    // 08: connection; 25006, 55000: a copy, which only reads; 28: not let in; 3D: no such database;
    // 53: out of room; 57: shutting down, or
    // ended by a time-out; 55P03: a lock was not obtained in time.
    String state = state(e);
    return e instanceof SQLTransientConnectionException
        || state.startsWith("08")
        || state.equals("25006")
        || state.equals("55000")
        || state.startsWith("28")
        || state.startsWith("3D")
        || state.startsWith("53")
        || state.startsWith("57")
        || state.startsWith("55P03");
  }

  private static SQLiteErrorCode primary(SQLiteException e) {
    return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  private static String firstLine(SQLException e) {
    Throwable cause =
        e instanceof SQLTransientConnectionException && e.getCause() != null ? e.getCause() : e;
    String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
      if (deeper instanceof IOException io) {
        return line + ": " + Causes.reason(io); // refused, timed out, no such host
      }
    }
    return line + (isRoomNeeded(cause) ? "; is its disk full?" : "");
  }

  /** True if SQLite got no room; its words do not say so of the memory that processes share. */
  private static boolean isRoomNeeded(Throwable e) {
    return e instanceof SQLiteException sqlite
        && switch (sqlite.getResultCode()) {
          case SQLITE_FULL, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC -> true;
          default -> false;
        };
  }
}
