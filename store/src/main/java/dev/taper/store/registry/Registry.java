package dev.taper.store.registry;

import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.DecisionListener;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.store.Database;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was granted, by whom to whom, and what of it is used: fed by whoever issues tokens and by
 * verifiers, of which there may be many in many processes. Holds words and digests, no tokens.
 * Thread-safe.
 *
 * <p>As a {@link DecisionListener} it writes every call before the caller is told, one short
 * transaction each; {@link UsageBuffer} writes many calls at a time.
 */
public final class Registry implements DecisionListener {
  private final Database database;
  private final Clock clock;

  /**
   * A registry in a database.
   *
   * @param database where; the caller closes it
   * @param clock what time it is, which says what is living
   */
  public Registry(Database database, Clock clock) {
    this.database = Given.that(database, "the database");
    this.clock = Given.that(clock, "the clock");
  }

  /**
   * Takes note of a token that was made or handed on. What it says is taken as it stands: whoever
   * may write to the registry is trusted to have made it.
   *
   * @param token the token
   * @param rootKey who signed its first block, if that is known
   * @throws TaperException {@link dev.taper.ErrorCode#DATABASE_UNAVAILABLE} or {@link
   *     dev.taper.ErrorCode#DATABASE_FAILED}
   */
  public void issued(AgentToken token, @Nullable PublicKey rootKey) {
    Uses uses = new Uses();
    uses.chain(ChainRecord.of(token.chain(), token.revocationKeys(), rootKey));
    write(uses);
  }

  /**
   * Takes note of a call, and of the chain that it was made with if it was allowed. Whoever got
   * hold of a token may make denied ones with as many chains as they like; those count only for
   * what is known already.
   *
   * @throws TaperException as {@link #issued}
   */
  @Override
  public void decided(DecisionEvent event) {
    List<byte[]> revocationKeys = event.revocationKeys();
    Uses uses = new Uses();
    if (event.decision().allowed()) {
      uses.chain(ChainRecord.of(event.chain(), revocationKeys, event.rootKey()));
    }
    uses.call(ChainRecord.ids(event.chain(), revocationKeys), event);
    write(uses);
  }

  /** What time it is. */
  Clock clock() {
    return clock;
  }

  /** Writes what was collected, in one transaction. */
  void write(Uses uses) {
    Instant now = clock.instant();
    database.transaction(
        connection -> {
          uses.write(connection, now);
          return uses;
        });
  }

  /**
   * The delegations that a query asks for, ordered by delegator, task and depth.
   *
   * @throws TaperException as {@link #issued}
   */
  public List<Delegated> find(RegistryQuery query) {
    Instant now = clock.instant();
    return database.read(connection -> new Search(connection, now).find(query));
  }

  /**
   * How many living delegations it ends to revoke something, those handed on from there included.
   *
   * @param fingerprint what is revoked
   * @return empty if the registry knows no delegation at all, and so cannot tell
   * @throws TaperException as {@link #issued}
   */
  public OptionalInt endedBy(Fingerprint fingerprint) {
    Instant now = clock.instant();
    return database.read(connection -> new Search(connection, now).endedBy(fingerprint));
  }

  /**
   * The same by a published list too: what it ends is not living, whether or not this registry was
   * told.
   *
   * @param list the list; what it does not name counts as not revoked, stale or not
   * @throws TaperException as {@link #issued}
   */
  public List<Delegated> find(RegistryQuery query, Revocations list) {
    Instant now = clock.instant();
    return database.read(
        connection -> {
          Search search = new Search(connection, now);
          Set<String> ended = search.endedBy(list);
          List<Delegated> found = new ArrayList<>();
          for (Delegated delegation : search.find(query)) {
            if (!ended.contains(delegation.id())) {
              found.add(delegation);
            } else if (query.dead()) {
              found.add(delegation.asRevoked());
            }
          }
          return found;
        });
  }

  Endings.Known known(Instant now) {
    return database.read(connection -> new Search(connection, now).known());
  }

  /**
   * Forgets delegations that ended, with their uses; those that a review asks about stay.
   *
   * @param endedBefore what ended before this moment is forgotten
   * @return how many were forgotten
   * @throws TaperException as {@link #issued}
   */
  public int forget(Instant endedBefore) {
    return database.transaction(
        connection -> {
          // What was handed on ends no later than what it was handed on from; reviewed descendants
          // keep their ancestors.
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "WITH RECURSIVE kept (id) AS ("
                      + "SELECT delegation FROM review_item UNION "
                      + "SELECT d.parent FROM delegation d JOIN kept k ON d.id = k.id"
                      + " WHERE d.parent IS NOT NULL) "
                      + "DELETE FROM delegation WHERE ends_at < ?"
                      + " AND id NOT IN (SELECT id FROM kept)")) {
            delete.setLong(1, endedBefore.toEpochMilli());
            return delete.executeUpdate();
          }
        });
  }
}
