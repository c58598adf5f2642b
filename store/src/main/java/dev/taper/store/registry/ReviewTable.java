package dev.taper.store.registry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The rows of reviews and of what they ask about. */
final class ReviewTable {
  private ReviewTable() {}

  static List<Integer> due(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM review WHERE closed_at IS NULL AND due_at <= ? ORDER BY id")) {
      select.setLong(1, now.toEpochMilli());
      List<Integer> ids = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          ids.add(row.getInt(1));
        }
      }
      return ids;
    }
  }

  static int nextId(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(id) FROM review")) {
      row.next();
      return row.getInt(1) + 1;
    }
  }

  static void insert(
      Connection connection, int id, String title, String by, Instant now, Instant due)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO review (id, title, started_by, started_at, due_at)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      insert.setInt(1, id);
      insert.setString(2, title);
      insert.setString(3, by);
      insert.setLong(4, now.toEpochMilli());
      insert.setLong(5, due.toEpochMilli());
      insert.executeUpdate();
    }
  }

  static void insert(Connection connection, int review, int number, String delegation)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO review_item (review, item, delegation) VALUES (?, ?, ?)")) {
      insert.setInt(1, review);
      insert.setInt(2, number);
      insert.setString(3, delegation);
      insert.executeUpdate();
    }
  }
}
