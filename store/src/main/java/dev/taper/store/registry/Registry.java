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
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records what was granted, by whom and to whom, and what of it is used. Issuers of tokens and
 * verifiers feed it, possibly many in many processes. It holds words and digests, no tokens.
 * Thread-safe.
 *
 * <p>As a {@link DecisionListener} it writes every call before the caller is told, in one short
 * transaction each; {@link UsageBuffer} writes many calls at a time.
 */
public final class Registry implements DecisionListener {
  private final Database database;
  private final Clock clock;
  private final RowLimiter limiter = new RowLimiter();

  /**
   * Opens a registry in a database.
   *
   * @param database the database, which the caller closes
   * @param clock the clock, which says what is living
   */
  public Registry(Database database, Clock clock) {
    this.database = Given.that(database, "the database");
    this.clock = Given.that(clock, "the clock");
  }

  /**
   * Takes note of a token that was made or handed on. The token's contents are not verified: a
   * caller that may write to the registry is trusted to have made it.
   *
   * @param token the token
   * @param rootKey the key that signed its first block, if it is known
   * @throws TaperException {@link dev.taper.ErrorCode#DATABASE_UNAVAILABLE} or {@link
   *     dev.taper.ErrorCode#DATABASE_FAILED}
   */
  public void issued(AgentToken token, @Nullable PublicKey rootKey) {
    issued(List.of(token), rootKey);
  }

  /**
   * Takes note of tokens that were made at about the same time, all in one transaction, as {@link
   * #issued(AgentToken, PublicKey)}.
   *
   * @param tokens the tokens
   * @param rootKey the key that signed the first block of each, if it is known
   * @throws TaperException as {@link #issued(AgentToken, PublicKey)}; none is noted then
   */
  public void issued(Collection<AgentToken> tokens, @Nullable PublicKey rootKey) {
    Uses uses = new Uses();
    for (AgentToken token : tokens) {
      uses.chain(ChainRecord.of(token.chain(), token.revocationKeys(), rootKey));
    }
    write(uses);
  }

  /**
   * Takes note of a call and, if it was allowed, of its chain. Denied calls count only for known
   * delegations. Anyone who has a token can make any number of chains from it: those of one
   * authority block bring a bounded number of new rows in a time, beyond which calls count only for
   * delegations that this registry was told of before.
   *
   * @throws TaperException as {@link #issued}
   */
  @Override
  public void decided(DecisionEvent event) {
    RowLimiter.Allotted allotted = limiter.allot(event, true);
    write(allotted.uses());
    limiter.told(allotted);
  }

  /** The clock. */
  Clock clock() {
    return clock;
  }

  /** Writes collected uses, if there are any, in one transaction. */
  void write(Uses uses) {
    if (uses.size() == 0) {
      return;
    }
    Instant now = clock.instant();
    database.transaction(
        connection -> {
          uses.write(connection, now);
          return uses;
        });
  }

  /**
   * Finds the delegations that a query asks for, ordered by delegator, task and depth.
   *
   * @throws TaperException as {@link #issued}
   */
  public List<Delegated> find(RegistryQuery query) {
    Instant now = clock.instant();
    return database.read(connection -> new Search(connection, now).find(query));
  }

  /**
   * Counts the living delegations that a revocation ends, including those handed on from there.
   *
   * @param fingerprint the fingerprint of the revoked thing
   * @return empty if the registry knows no delegation at all, and so cannot tell
   * @throws TaperException as {@link #issued}
   */
  public OptionalInt endedBy(Fingerprint fingerprint) {
    Instant now = clock.instant();
    return database.read(connection -> new Search(connection, now).endedBy(fingerprint));
  }

  /**
   * Finds delegations by a query and a published list: what the list ends is not living, even if
   * this registry was not told.
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
   * Forgets ended delegations, with their uses; those that a review asks about stay.
   *
   * @param endedBefore the moment before which a delegation must have ended to be forgotten
   * @return how many were forgotten
   * @throws TaperException as {@link #issued}
   */
  public int forget(Instant endedBefore) {
    return database.transaction(
        connection -> {
          // A delegation ends no later than the one it was handed on from; reviewed descendants
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
