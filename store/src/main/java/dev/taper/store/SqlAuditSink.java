package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.audit.AuditSource;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An audit log in a database: one chain, which any number of processes continue. Records are safe
 * when their transaction is committed: then they are on the disk, in SQLite as it is opened here
 * and in PostgreSQL by default.
 *
 * <p>A writer locks the table, finds the end of the log, and writes only if its records follow
 * there. The second of two writers finds that the log has moved on, and its records get new places.
 */
public final class SqlAuditSink implements AuditSink, AuditSource {
  private static final int PAGE = 1000;

  private final Database database;

  /**
   * Makes a log in a database.
   *
   * @param database the database, which the caller closes after the log
   */
  public SqlAuditSink(Database database) {
    this.database = Given.that(database, "the database");
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public @Nullable AuditRecord last() {
    Optional<String> last = available(() -> database.read(SqlAuditSink::last));
    if (last.isEmpty()) {
      return null;
    }
    try {
      return AuditRecord.parse(last.get());
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.AUDIT_CORRUPT, "the last record of the audit log is not one", e);
    }
  }

  private static Optional<String> last(Connection connection) throws SQLException {
    return Sql.first(
        connection,
        "SELECT json FROM audit_record ORDER BY sequence DESC LIMIT 1",
        row -> row.getString(1));
  }

  @Override
  public void append(List<AuditRecord> records) {
    boolean stored =
        available(() -> database.transaction(connection -> append(connection, records)));
    if (!stored) {
      throw new TaperException(
          ErrorCode.AUDIT_MOVED, "another process continued the audit log meanwhile");
    }
  }

  private boolean append(Connection connection, List<AuditRecord> records) throws SQLException {
    database.lock(connection, "audit_record");
    String previous =
        last(connection)
            .map(json -> AuditRecord.parse(json).hash())
            .orElse(AuditRecord.NO_PREVIOUS);
    if (!previous.equals(records.get(0).previous())) {
      return false;
    }
    Sql.updateAll(
        connection,
        "INSERT INTO audit_record (sequence, json) VALUES (?, ?)",
        records.stream().map(record -> new Object[] {record.sequence(), record.json()}).toList());
    return true;
  }

  @Override
  public void read(Consumer<Line> reader) {
    long number = 0;
    long after = Long.MIN_VALUE;
    List<Row> page;
    do {
      long from = after;
      page = available(() -> database.read(connection -> page(connection, from)));
      for (Row row : page) {
        reader.accept(new Line(++number, row.json(), true));
        after = row.sequence();
      }
    } while (page.size() == PAGE);
  }

  private record Row(long sequence, String json) {}

  private static List<Row> page(Connection connection, long after) throws SQLException {
    return Sql.list(
        connection,
        "SELECT sequence, json FROM audit_record WHERE sequence > ? ORDER BY sequence LIMIT "
            + PAGE,
        row -> new Row(row.getLong(1), row.getString(2)),
        after);
  }

  private static <T> T available(Supplier<T> work) {
    try {
      return work.get();
    } catch (TaperException e) {
      if (e.code() == ErrorCode.DATABASE_UNAVAILABLE || e.code() == ErrorCode.DATABASE_FAILED) {
        throw new TaperException(
            ErrorCode.AUDIT_UNAVAILABLE, "the audit log cannot be used: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  /** Does nothing: the owner of the database closes it. */
  @Override
  public void close() {}
}
