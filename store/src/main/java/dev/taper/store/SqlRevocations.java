package dev.taper.store;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import dev.taper.revocation.RevocationReader;
import dev.taper.revocation.RevocationSource;
import dev.taper.revocation.SignedLists;
import dev.taper.store.sql.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps revocations in a database that verifiers share. A writer enters what is revoked; the owner
 * of the issuer's key signs that, as the next delta of a list or as a snapshot; verifiers fetch the
 * signed lists. Verifiers need not trust the database: a hostile writer can hold a revocation back
 * until the list is stale, and drop entries that are not signed yet, but cannot forge a list. If
 * somebody deletes the signed lists, or puts older ones back, the next list is signed without the
 * lost entries; only verifiers that remember a higher number, or the entries, refuse it. So keep
 * the signed lists elsewhere, too. Thread-safe.
 *
 * <p>Verifiers poll. Asking for the newest number is one look-up in an index and keeps no
 * connection open. It needs no notifications from the server (SQLite has none, and poolers before
 * PostgreSQL often drop them), and misses nothing while a connection is broken.
 */
public final class SqlRevocations implements RevocationSource {
  /** How many deltas come before a snapshot, from which new verifiers start. */
  private static final int DELTAS_PER_SNAPSHOT = 256;

  private static final String NEWEST = "SELECT max(sequence) FROM revocation_list";
  private static final int PART_BYTES = 1 << 20;

  private final Database database;
  private final Clock clock;
  private final int deltasPerSnapshot;

  /**
   * Makes revocations in a database.
   *
   * @param database the database, which the caller closes
   * @param clock the clock
   */
  public SqlRevocations(Database database, Clock clock) {
    this(database, clock, DELTAS_PER_SNAPSHOT);
  }

  SqlRevocations(Database database, Clock clock, int deltasPerSnapshot) {
    this.database = Given.that(database, "the database");
    this.clock = Given.that(clock, "the clock");
    this.deltasPerSnapshot = deltasPerSnapshot;
  }

  /**
   * Enters revocations; verifiers learn of them with the next {@link #sign}.
   *
   * @return how many entries are new, or end later than was known
   * @throws TaperException {@link ErrorCode#DATABASE_UNAVAILABLE} or {@link
   *     ErrorCode#DATABASE_FAILED}
   */
  public int enter(Collection<RevocationEntry> entries) {
    return database.transaction(connection -> enter(connection, entries));
  }

  /**
   * Enters revocations as part of a transaction.
   *
   * @throws SQLException if the database refuses
   */
  public int enter(Connection connection, Collection<RevocationEntry> entries) throws SQLException {
    database.lock(connection, "revocation");
    return new EnteredRevocations(connection, clock.millis()).enter(entries, entered(connection));
  }

  /**
   * True if something was entered that no signed list states yet.
   *
   * @throws TaperException as {@link #enter(Collection)}
   */
  public boolean hasUnsigned() {
    return database.read(
        connection ->
            Sql.number(connection, "SELECT max(number) FROM revocation")
                > Sql.number(connection, "SELECT max(number) FROM revocation_list"));
  }

  /** Lists all entries that are not past their end, in the order of entering. */
  public List<RevocationEntry> entries() {
    return database.read(connection -> entries(connection, 0));
  }

  /**
   * Signs the entries that are new since the last time, and that there are no others. A list can be
   * relied on only as long as its issuer says, so call this again before then, even if nothing was
   * entered.
   *
   * @param issuer who signs; the same key every time
   * @param horizon how long the list can be relied on
   * @return the newest list
   * @throws TaperException {@link ErrorCode#UNKNOWN_REVOCATION_KEY} if another key signed the lists
   *     so far, because verifiers would refuse this one; {@link ErrorCode#SIGNING_FAILED}, {@link
   *     ErrorCode#INVALID_ARGUMENT} if the horizon makes no sense, or as {@link #enter(Collection)}
   */
  public IssuedList sign(RevocationIssuer issuer, RevocationIssuer.Horizon horizon) {
    return database.transaction(
        connection -> {
          lock(connection);
          return sign(connection, issuer, horizon, List.of());
        });
  }

  /**
   * Enters revocations and signs the next list.
   *
   * @param issuer who signs; the same key every time
   * @param entries the entries to revoke
   * @param horizon how long the list can be relied on
   * @return the newest list, and how many entries are new or end later than was known
   * @throws TaperException as {@link #sign}
   */
  public IssuedList revoke(
      RevocationIssuer issuer,
      Collection<RevocationEntry> entries,
      RevocationIssuer.Horizon horizon) {
    return database.transaction(
        connection -> {
          lock(connection);
          int changed = enter(connection, entries);
          return sign(connection, issuer, horizon, List.of()).changed(changed);
        });
  }

  /**
   * Takes back a revocation: removes it, and signs a list that lifts it.
   *
   * @param issuer who signs; the same key every time
   * @param lifted the fingerprint of the revoked thing
   * @param reason why, for people
   * @param horizon how long the list can be relied on
   * @return the newest list
   * @throws TaperException as {@link #sign}, and {@link ErrorCode#INVALID_ARGUMENT} if it is not
   *     revoked; {@link ErrorCode#INVALID_REQUEST} if the reason is not a label
   */
  public IssuedList lift(
      RevocationIssuer issuer,
      Fingerprint lifted,
      String reason,
      RevocationIssuer.Horizon horizon) {
    return database.transaction(
        connection -> {
          lock(connection);
          RevocationEntry entry = signed(connection, issuer.publicKey()).entry(lifted);
          boolean removed = new EnteredRevocations(connection, clock.millis()).remove(lifted);
          if (entry == null) {
            if (!removed) {
              throw new TaperException(
                  ErrorCode.INVALID_ARGUMENT,
                  "the database does not revoke it, so there is nothing to lift");
            }
            return sign(connection, issuer, horizon, List.of()); // was never signed
          }
          return sign(connection, issuer, horizon, List.of(LiftedEntry.of(entry, reason)));
        });
  }

  /**
   * Forgets an entered revocation, for a list that is signed elsewhere and lifts it. A list that
   * was signed here goes on revoking it until {@link #lift}.
   *
   * @return true if it was there
   * @throws TaperException as {@link #enter(Collection)}
   */
  public boolean remove(Fingerprint lifted) {
    return database.transaction(
        connection -> {
          database.lock(connection, "revocation");
          return new EnteredRevocations(connection, clock.millis()).remove(lifted);
        });
  }

  /**
   * Finds those of the fingerprints that are revoked and not past their end, in the given order.
   *
   * @throws TaperException as {@link #enter(Collection)}
   */
  public List<Fingerprint> revoked(List<Fingerprint> fingerprints) {
    return database.read(
        connection -> new EnteredRevocations(connection, clock.millis()).among(fingerprints));
  }

  private void lock(Connection connection) throws SQLException {
    database.lock(connection, "revocation_list");
    database.lock(connection, "revocation");
  }

  private IssuedList sign(
      Connection connection,
      RevocationIssuer issuer,
      RevocationIssuer.Horizon horizon,
      List<LiftedEntry> lifted)
      throws SQLException {
    long entered = entered(connection);
    long last = Sql.number(connection, NEWEST);
    String key = issuer.publicKey().toString();
    requireSameKey(connection, last, key);
    RevocationHeader before = header(connection, last, issuer.publicKey());
    Validity validity = horizon.behind(before, clock);
    long snapshot =
        Sql.number(connection, "SELECT max(sequence) FROM revocation_list WHERE base = 0");
    long next = last + 1;
    if (last == 0 || last - snapshot >= deltasPerSnapshot) {
      // Based on the stored signed lists: the other table can only add to them.
      byte[] all =
          signed(connection, issuer.publicKey())
              .snapshot(issuer, next, entries(connection, 0), lifted, validity);
      store(connection, next, 0, entered, all, key);
      Sql.update(connection, "DELETE FROM revocation_list WHERE sequence < ?", snapshot);
      if (last == 0) {
        return new IssuedList(next, validity, null, 0);
      }
      // A delta around the snapshot too, so that a verifier with the list so far need not load it
      // all.
      next++;
    }
    long signed =
        Sql.number(connection, "SELECT max(number) FROM revocation_list WHERE sequence = " + last);
    List<RevocationEntry> since = entries(connection, signed);
    byte[] delta = issuer.delta(last, next, since, lifted, validity);
    store(connection, next, last, entered, delta, key);
    return new IssuedList(next, validity, before, 0);
  }

  /** The number of the last entry, even if that was lifted: no number is used twice. */
  private static long entered(Connection connection) throws SQLException {
    return Math.max(
        Sql.number(connection, "SELECT max(number) FROM revocation"),
        Sql.number(connection, "SELECT max(number) FROM revocation_list"));
  }

  /** Reads the stored lists, if this key signed them. */
  private SignedLists signed(Connection connection, PublicKey issuer) throws SQLException {
    List<Long> path = ListPath.behind(connection, 0);
    return path.isEmpty() ? SignedLists.NONE : read(connection, path, issuer);
  }

  private static SignedLists read(Connection connection, List<Long> sequences, PublicKey issuer)
      throws SQLException {
    try (InputStream lists = ListStream.within(connection, sequences)) {
      return SignedLists.read(lists, List.of(issuer));
    } catch (IOException e) {
      throw new SQLException("the signed revocation lists cannot be read", e);
    }
  }

  private static @Nullable RevocationHeader header(
      Connection connection, long sequence, PublicKey issuer) throws SQLException {
    if (sequence == 0) {
      return null;
    }
    try (InputStream list = ListStream.within(connection, List.of(sequence))) {
      return RevocationReader.of(list, List.of(issuer)).next();
    } catch (IOException e) {
      throw new SQLException("the last signed revocation list cannot be read", e);
    }
  }

  private static void requireSameKey(Connection connection, long last, String key)
      throws SQLException {
    String signedBy =
        Sql.first(
                connection,
                "SELECT signed_by FROM revocation_list WHERE sequence = ?",
                row -> row.getString(1),
                last)
            .orElse(key);
    if (!signedBy.equals(key)) {
      throw new TaperException(
          ErrorCode.UNKNOWN_REVOCATION_KEY,
          "the revocation list in the database is signed by " + signedBy + ", not by " + key);
    }
  }

  private void store(
      Connection connection, long sequence, long base, long number, byte[] list, String key)
      throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO revocation_list (sequence, base, number, issued_at, signed_by)"
            + " VALUES (?, ?, ?, ?, ?)",
        sequence,
        base,
        number,
        clock.millis(),
        key);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO revocation_list_part (sequence, part, content) VALUES (?, ?, ?)")) {
      for (int part = 0; part * (long) PART_BYTES < list.length; part++) {
        int from = part * PART_BYTES;
        byte[] content = new byte[Math.min(PART_BYTES, list.length - from)];
        System.arraycopy(list, from, content, 0, content.length);
        Sql.set(insert, sequence, part, content);
        insert.executeUpdate();
      }
    }
  }

  /**
   * Forgets the lists before the last snapshot but one: a reader that needs them starts from a
   * snapshot.
   */
  private List<RevocationEntry> entries(Connection connection, long after) throws SQLException {
    return new EnteredRevocations(connection, clock.millis()).after(after);
  }

  @Override
  public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
    try {
      long newest = database.read(connection -> Sql.number(connection, NEWEST));
      if (newest == 0 || String.valueOf(newest).equals(version)) {
        return null;
      }
      List<Long> path = database.read(connection -> ListPath.behind(connection, sequence));
      return path.isEmpty()
          ? null
          : new Content(new ListStream(database, path), String.valueOf(path.get(path.size() - 1)));
    } catch (TaperException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Returns the time at which the newest list was signed; empty if none was signed. */
  public Optional<Instant> lastSigned() {
    return database.read(
        connection -> {
          long at = Sql.number(connection, "SELECT max(issued_at) FROM revocation_list");
          return at == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at));
        });
  }

  /** The database's address. */
  @Override
  public String toString() {
    return database.toString();
  }
}
