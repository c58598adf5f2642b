package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.approval.ApprovalRequest.Ask;
import dev.taper.agent.approval.ApprovalRequest.Asks;
import dev.taper.agent.memory.MemoryShare;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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
    if (room < 1) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a room for asks has one byte at least, not " + room);
    }
    this.database = Given.that(database, "the database");
    this.room = room;
  }

  @Override
  public Kept add(Ask ask, Instant now) {
    return database.transaction(
        connection -> {
          forget(connection, now);
          if (!fill(connection, ask.share()).hasRoom(ask.size(), room, Ask.OVERHEAD)) {
            return Kept.NO_ROOM;
          }
          return insert(connection, ask) == 1 ? Kept.YES : Kept.CHANGED;
        });
  }

  private static int insert(Connection connection, Ask ask) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO ask (name, content, revision, bytes, ends_at, delegator, authority)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING")) {
      insert.setString(1, ask.name());
      insert.setString(2, ask.content());
      insert.setInt(3, ask.revision());
      insert.setLong(4, ask.size());
      Moments.set(insert, 5, ask.until());
      insert.setString(6, ask.share().delegator());
      insert.setString(7, ask.share().authority());
      return insert.executeUpdate();
    }
  }

  private static void forget(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM ask WHERE ends_at <= ?")) {
      Moments.set(delete, 1, now);
      delete.executeUpdate();
    }
  }

  private static MemoryShare.Room fill(Connection connection, MemoryShare share)
      throws SQLException {
    try (PreparedStatement sum = connection.prepareStatement(FILL)) {
      sum.setString(1, share.delegator());
      sum.setString(2, share.delegator());
      sum.setString(3, share.delegator());
      sum.setString(4, share.authority());
      sum.setString(5, share.delegator());
      sum.setString(6, share.authority());
      try (ResultSet row = sum.executeQuery()) {
        row.next();
        return new MemoryShare.Room(
            row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
      }
    }
  }

  @Override
  public @Nullable Ask find(String name, Instant now) {
    return database.read(connection -> find(connection, name, now)).orElse(null);
  }

  private static Optional<Ask> find(Connection connection, String name, Instant now)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT content, revision, ends_at, delegator, authority FROM ask"
                + " WHERE name = ? AND ends_at > ?")) {
      select.setString(1, name);
      Moments.set(select, 2, now);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Ask found =
            new Ask(
                name,
                new MemoryShare(row.getString("delegator"), row.getString("authority")),
                Instant.ofEpochMilli(row.getLong("ends_at")),
                row.getString("content"),
                row.getInt("revision"));
        return Optional.of(found);
      }
    }
  }

  @Override
  public List<Ask.Head> heads(Instant now) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT name, ends_at, revision FROM ask WHERE ends_at > ?"
                      + " ORDER BY ends_at, name")) {
            Moments.set(select, 1, now);
            List<Ask.Head> heads = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                heads.add(
                    new Ask.Head(
                        row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getInt(3)));
              }
            }
            return heads;
          }
        });
  }

  @Override
  public Kept replace(Ask changed, Instant now) {
    return database.transaction(
        connection -> {
          Ask before = find(connection, changed.name(), now).orElse(null);
          if (before == null || before.revision() != changed.revision() - 1) {
            return Kept.CHANGED;
          }
          if (all(connection) - before.size() + changed.size() > room) {
            return Kept.NO_ROOM;
          }
          return update(connection, changed) == 1 ? Kept.YES : Kept.CHANGED;
        });
  }

  private static int update(Connection connection, Ask changed) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE ask SET content = ?, revision = ?, bytes = ? WHERE name = ? AND revision ="
                + " ?")) {
      update.setString(1, changed.content());
      update.setInt(2, changed.revision());
      update.setLong(3, changed.size());
      update.setString(4, changed.name());
      update.setInt(5, changed.revision() - 1);
      return update.executeUpdate();
    }
  }

  private static long all(Connection connection) throws SQLException {
    try (PreparedStatement sum = connection.prepareStatement(BYTES_OF_ALL);
        ResultSet row = sum.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
