package dev.taper.store.registry;

import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.store.Database;
import dev.taper.store.sql.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
    return searched(search -> search.find(query));
  }

  /** Asks with what looks up delegations, or lists them, as they are now. */
  private interface Question<L, T> {
    T ask(L look) throws SQLException;
  }

  private <T> T searched(Question<Search, T> question) {
    Instant now = clock.instant();
    return database.read(connection -> question.ask(new Search(connection, now)));
  }

  private <T> T listed(Question<Listing, T> question) {
    Instant now = clock.instant();
    return database.read(connection -> question.ask(new Listing(connection, now)));
  }

  /** By what delegations are listed, and grouped. */
  public enum Order {
    /** Whose authority it is. */
    DELEGATOR("delegator"),
    /** Who holds it. */
    HOLDER("holder"),
    /** What it is for. */
    TASK("task");

    private final String column;

    Order(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  /**
   * A part of the delegations that a query asks for.
   *
   * @param delegations these, in order
   * @param next where the next page begins; null at the end
   * @param total how many fit the query in all
   */
  public record Page(List<Delegated> delegations, @Nullable String next, long total) {
    /** Copies the list. */
    public Page {
      delegations = List.copyOf(delegations);
    }
  }

  /**
   * A delegation with those that it comes from, and what was handed on from it, living or not.
   *
   * @param chain the first grant first, the delegation itself last
   * @param handedOn those that were handed on from it, at most {@link #MAX_HANDED_ON}
   */
  public record Family(List<Delegated> chain, List<Delegated> handedOn) {
    /** The most that is told of what was handed on. */
    public static final int MAX_HANDED_ON = 100;

    /** Copies the lists. */
    public Family {
      chain = List.copyOf(chain);
      handedOn = List.copyOf(handedOn);
    }
  }

  /**
   * How many delegations are living.
   *
   * @param living all of them
   * @param unused those on which no call was ever allowed
   * @param unexercised those with a tool that was never called
   * @param denied those that are denied often
   * @param expiring those that end soon
   */
  public record Overview(long living, long unused, long unexercised, long denied, long expiring) {}

  /**
   * A name or key that living delegations have in common.
   *
   * @param name the name or key
   * @param living how many there are
   */
  public record Group(String name, long living) {}

  /**
   * Finds a page of delegations, so that a display of many costs no more than one of few.
   *
   * @param query which
   * @param order by what they are ordered; then by their ids
   * @param after where to begin: {@link Page#next} of the page before; null for the first page
   * @param limit the most of a page, 1 to 1,000
   * @throws TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} for another limit, or a
   *     beginning that no page gave; or as {@link #issued}
   */
  public Page page(RegistryQuery query, Order order, @Nullable String after, int limit) {
    return listed(listing -> listing.page(query, order, after, limit));
  }

  /**
   * Finds one delegation with its family; null if there is none of this id.
   *
   * @throws TaperException as {@link #issued}
   */
  public @Nullable Family family(String id) {
    return listed(listing -> Optional.ofNullable(listing.family(id))).orElse(null);
  }

  /**
   * Counts the living delegations.
   *
   * @param soon what ends within this time, ends soon
   * @throws TaperException as {@link #issued}
   */
  public Overview overview(Duration soon) {
    return listed(listing -> listing.overview(soon));
  }

  /**
   * Groups the living delegations, the largest group first.
   *
   * @param limit the most groups
   * @throws TaperException as {@link #issued}
   */
  public List<Group> groups(Order order, int limit) {
    return groups(order.column(), limit);
  }

  /**
   * Groups the living delegations by the root key that signed them, the largest group first; those
   * whose root key is not known are left out.
   *
   * @param limit the most groups
   * @throws TaperException as {@link #issued}
   */
  public List<Group> rootKeys(int limit) {
    return groups("root_key", limit);
  }

  /**
   * Groups the living delegations by the key that holds them, the largest group first.
   *
   * @param limit the most groups
   * @throws TaperException as {@link #issued}
   */
  public List<Group> holderKeys(int limit) {
    return groups("holder_key", limit);
  }

  private List<Group> groups(String column, int limit) {
    return listed(listing -> listing.groups(column, limit));
  }

  /**
   * Counts the living delegations that a revocation ends, including those handed on from there.
   *
   * @param fingerprint the fingerprint of the revoked thing
   * @return empty if the registry knows no delegation at all, and so cannot tell
   * @throws TaperException as {@link #issued}
   */
  public OptionalInt endedBy(Fingerprint fingerprint) {
    return searched(search -> search.endedBy(fingerprint));
  }

  /**
   * Tells what revoking several things at once would end.
   *
   * @param fingerprints the fingerprints of the things
   * @throws TaperException as {@link #issued}
   */
  public RevocationImpact impact(Collection<Fingerprint> fingerprints) {
    Instant now = clock.instant();
    return database.read(connection -> RevocationImpact.of(connection, now, fingerprints));
  }

  /**
   * Finds the living delegations that a key signed or holds: that end if it is revoked as a key.
   *
   * @param key the key of a holder
   * @throws TaperException as {@link #issued}
   */
  public List<Delegated> through(PublicKey key) {
    return searched(search -> search.standingOn(Fingerprint.ofHolder(key)));
  }

  /**
   * Finds delegations by a query and a published list: what the list ends is not living, even if
   * this registry was not told.
   *
   * @param list the list; what it does not name counts as not revoked, stale or not
   * @throws TaperException as {@link #issued}
   */
  public List<Delegated> find(RegistryQuery query, Revocations list) {
    return searched(
        search -> {
          Set<String> ended = search.endedBy(list);
          List<Delegated> found = new ArrayList<>();
          for (Delegated delegation : search.find(query)) {
            if (!ended.contains(delegation.id())) {
              found.add(delegation);
            } else if (query.dead) {
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
        connection ->
            // A delegation ends no later than the one it was handed on from; reviewed descendants
            // keep their ancestors.
            Sql.update(
                connection,
                "WITH RECURSIVE kept (id) AS ("
                    + "SELECT delegation FROM review_item UNION "
                    + "SELECT d.parent FROM delegation d JOIN kept k ON d.id = k.id"
                    + " WHERE d.parent IS NOT NULL) "
                    + "DELETE FROM delegation WHERE ends_at < ?"
                    + " AND id NOT IN (SELECT id FROM kept)",
                endedBefore));
  }
}
