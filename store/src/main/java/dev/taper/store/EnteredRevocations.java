package dev.taper.store;

import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What was entered as revoked, within one transaction.
 *
 * @param now the time in milliseconds since 1970, by which entries end
 */
record EnteredRevocations(Connection connection, long now) {
  /** How many entries are sent to the database together. */
  private static final int BATCH = 10_000;

  /**
   * Enters revocations.
   *
   * @param last the greatest number so far
   * @return how many are new, or end later than was known
   */
  int enter(Collection<RevocationEntry> entries, long last) throws SQLException {
    long number = last;
    int changed = 0;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO revocation (fingerprint, kind, ends_at, entered_at, number)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO UPDATE SET"
                + " ends_at = excluded.ends_at, number = excluded.number"
                + " WHERE revocation.ends_at IS NOT NULL AND (excluded.ends_at IS NULL"
                + " OR excluded.ends_at > revocation.ends_at)")) {
      int waiting = 0;
      for (RevocationEntry entry : entries) {
        insert.setString(1, entry.fingerprint().toString());
        insert.setString(2, entry.kind().text());
        Sql.setMoment(insert, 3, entry.until());
        insert.setLong(4, now);
        insert.setLong(5, ++number); // what changes nothing leaves its number out
        insert.addBatch();
        if (++waiting == BATCH) {
          changed += changes(insert);
          waiting = 0;
        }
      }
      changed += waiting == 0 ? 0 : changes(insert);
    }
    return changed;
  }

  private static int changes(PreparedStatement insert) throws SQLException {
    int changed = 0;
    for (int each : insert.executeBatch()) {
      changed += each > 0 ? 1 : 0;
    }
    return changed;
  }

  /** Takes a revocation out; true if it was there. */
  boolean remove(Fingerprint lifted) throws SQLException {
    return Sql.update(connection, "DELETE FROM revocation WHERE fingerprint = ?", lifted.toString())
        > 0;
  }

  /** Finds those of the fingerprints that are revoked, in the given order. */
  List<Fingerprint> among(List<Fingerprint> fingerprints) throws SQLException {
    List<Fingerprint> revoked = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT 1 FROM revocation WHERE fingerprint = ?"
                + " AND (ends_at IS NULL OR ends_at >= ?)")) {
      for (Fingerprint each : fingerprints) {
        select.setString(1, each.toString());
        select.setLong(2, now);
        try (ResultSet row = select.executeQuery()) {
          if (row.next()) {
            revoked.add(each);
          }
        }
      }
    }
    return revoked;
  }

  /** Lists the entries with a greater number that are not past their end, in order. */
  List<RevocationEntry> after(long number) throws SQLException {
    return Sql.list(
        connection,
        "SELECT fingerprint, kind, ends_at FROM revocation WHERE number > ?"
            + " AND (ends_at IS NULL OR ends_at >= ?) ORDER BY number",
        row ->
            new RevocationEntry(
                RevocationEntry.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                Fingerprint.parse(row.getString("fingerprint")),
                Sql.moment(row, "ends_at")),
        number,
        now);
  }
}
