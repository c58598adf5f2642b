package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps asks for all processes that share a database: one takes the ask, another the approval, a
 * third tells the holder. Its room is bounded in bytes (asks made at the same moment may exceed the
 * bound), and shared as {@link MemoryShare.Room} says. Each call takes one short transaction.
 * Thread-safe.
 */
public final class SqlAsks implements Asks {
  private static final String BYTES_OF_ALL = "SELECT COALESCE(SUM(bytes), 0) FROM ask";

  private static final String FILL =
      "SELECT COALESCE(SUM(bytes), 0),"
          + " COUNT(DISTINCT CASE WHEN delegator <> ? THEN delegator END) + 1,"
          + " COALESCE(SUM(CASE WHEN delegator = ? THEN bytes END), 0),"
          + " COUNT(DISTINCT CASE WHEN delegator = ? AND authority <> ? THEN authority END) + 1,"
          + " COALESCE(SUM(CASE WHEN delegator = ? AND authority = ? THEN bytes END), 0) FROM ask";

  private final Database database;
  private final long room;

  /**
   * Keeps asks in a database, with {@link Asks#DEFAULT_ROOM}.
   *
   * @param database where; the caller closes it
   */
  public SqlAsks(Database database) {
    this(database, DEFAULT_ROOM);
  }

  /**
   * Keeps asks in a database.
   *
   * @param database where; the caller closes it
   * @param room the most bytes of all asks, at least 1; the same in all processes
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for a room below 1
   */
  public SqlAsks(Database database, long room) {
    this.room = Asks.checked(room);
    this.database = Given.that(database, "the database");
  }

  @Override
  public Kept add(Ask ask, Instant now) {
    return database.transaction(
        connection -> {
          Sql.update(connection, "DELETE FROM ask WHERE ends_at <= ?", now);
          if (!fill(connection, ask.share()).hasRoom(ask.size(), room, Ask.OVERHEAD)) {
            return Kept.NO_ROOM;
          }
          return insert(connection, ask) == 1 ? Kept.YES : Kept.CHANGED;
        });
  }

  private static int insert(Connection connection, Ask ask) throws SQLException {
    return Sql.update(
        connection,
        "INSERT INTO ask (name, content, revision, bytes, ends_at, delegator, authority)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
        ask.name(),
        ask.content(),
        ask.revision(),
        ask.size(),
        ask.until(),
        ask.share().delegator(),
        ask.share().authority());
  }

  private static MemoryShare.Room fill(Connection connection, MemoryShare share)
      throws SQLException {
    String delegator = share.delegator();
    String authority = share.authority();
    return Sql.first(
            connection,
            FILL,
            row ->
                new MemoryShare.Room(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
            delegator,
            delegator,
            delegator,
            authority,
            delegator,
            authority)
        .orElseThrow();
  }

  @Override
  public @Nullable Ask find(String name, Instant now) {
    return database.read(connection -> find(connection, name, now)).orElse(null);
  }

  private static Optional<Ask> find(Connection connection, String name, Instant now)
      throws SQLException {
    return Sql.first(
        connection,
        "SELECT content, revision, ends_at, delegator, authority FROM ask"
            + " WHERE name = ? AND ends_at > ?",
        row ->
            new Ask(
                name,
                new MemoryShare(row.getString("delegator"), row.getString("authority")),
                Instant.ofEpochMilli(row.getLong("ends_at")),
                row.getString("content"),
                row.getInt("revision")),
        name,
        now);
  }

  @Override
  public List<Ask.Head> heads(Instant now) {
    return database.read(
        connection ->
            Sql.list(
                connection,
                "SELECT name, ends_at, revision FROM ask WHERE ends_at > ?"
                    + " ORDER BY ends_at, name",
                row ->
                    new Ask.Head(
                        row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getInt(3)),
                now));
  }

  @Override
  public Kept replace(Ask changed, Instant now) {
    return database.transaction(
        connection -> {
          Ask before = find(connection, changed.name(), now).orElse(null);
          if (before == null || before.revision() != changed.revision() - 1) {
            return Kept.CHANGED;
          }
          if (Sql.number(connection, BYTES_OF_ALL) - before.size() + changed.size() > room) {
            return Kept.NO_ROOM;
          }
          return update(connection, changed) == 1 ? Kept.YES : Kept.CHANGED;
        });
  }

  private static int update(Connection connection, Ask changed) throws SQLException {
    return Sql.update(
        connection,
        "UPDATE ask SET content = ?, revision = ?, bytes = ? WHERE name = ? AND revision = ?",
        changed.content(),
        changed.revision(),
        changed.size(),
        changed.name(),
        changed.revision() - 1);
  }
}
