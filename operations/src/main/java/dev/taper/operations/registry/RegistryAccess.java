package dev.taper.operations.registry;

import dev.taper.TaperException;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.Revocations;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.Endings;
import dev.taper.store.registry.Registry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.RevocationImpact;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A registry for front ends that do one operation and end: opened for each. Every method throws a
 * {@link TaperException} if the database cannot be used. Immutable and thread-safe.
 */
public final class RegistryAccess {
  private final Workplace workplace;
  private final Place.Sql place;

  /**
   * A registry.
   *
   * @param workplace where relative paths start, and what time it is
   * @param place the database
   */
  public RegistryAccess(Workplace workplace, Place.Sql place) {
    this.workplace = workplace;
    this.place = place;
  }

  /**
   * Tells the registry of a token, and makes the registry if there is none.
   *
   * @param token the token that was made
   * @param rootKey who signed its first block, or null
   * @return in words, what the token stands on that is revoked there
   */
  public List<String> issued(AgentToken token, @Nullable PublicKey rootKey) {
    try (Database database = workplace.open(place)) {
      registry(database).issued(token, rootKey);
      Map<Fingerprint, String> standsOn = token.standsOn(rootKey);
      return revocations(database).revoked(List.copyOf(standsOn.keySet())).stream()
          .map(fingerprint -> Objects.requireNonNull(standsOn.get(fingerprint)))
          .toList();
    }
  }

  /** Tells the registry of a call, and makes the registry if there is none. */
  public void decided(DecisionEvent event) {
    try (Database database = workplace.open(place)) {
      registry(database).decided(event);
    }
  }

  /**
   * How many living delegations a revocation will end. Ask before you revoke anywhere: the database
   * may hold the list too.
   *
   * @return empty if the registry knows no delegation, or cannot be asked: that is no reason not to
   *     revoke
   */
  public OptionalInt endedBy(Fingerprint fingerprint) {
    try {
      return ask(known -> known.endedBy(fingerprint));
    } catch (TaperException e) {
      return OptionalInt.empty(); // and to tell it later fails as loudly as it should
    }
  }

  /**
   * What revoking several things at once will end.
   *
   * @return null if the registry cannot be asked, as {@link #endedBy}
   */
  public @Nullable RevocationImpact impact(Collection<Fingerprint> fingerprints) {
    try {
      return ask(known -> known.impact(fingerprints));
    } catch (TaperException e) {
      return null;
    }
  }

  /** True if all of these were revoked before; false if the registry cannot be asked. */
  public boolean areRevoked(Collection<Fingerprint> fingerprints) {
    Set<Fingerprint> all = Set.copyOf(fingerprints);
    try (Database database = workplace.openExisting(place)) {
      return Set.copyOf(revocations(database).revoked(List.copyOf(all))).equals(all);
    } catch (TaperException e) {
      return false;
    }
  }

  /** Asks several things of the registry, which is opened once. */
  public <T> T ask(Function<Registry, T> questions) {
    try (Database database = workplace.openExisting(place)) {
      return questions.apply(registry(database));
    }
  }

  /** True if it is in the database of that place. */
  public boolean isAt(Place other) {
    return place.equals(other);
  }

  /** Enters what is revoked. */
  public void revoked(Collection<RevocationEntry> entries) {
    try (Database database = workplace.openExisting(place)) {
      revocations(database).enter(entries);
    }
  }

  /** Takes out what is no longer revoked. */
  public void lifted(Fingerprint lifted) {
    try (Database database = workplace.openExisting(place)) {
      revocations(database).remove(lifted);
    }
  }

  /** What the registry says has ended, and a published list if there is one. */
  public Endings endings(@Nullable Revocations list) {
    return ask(known -> Endings.of(known, list, workplace.clock().instant()));
  }

  /** Finds delegations; a published list may end some of them too. */
  public List<Delegated> find(RegistryQuery query, @Nullable Revocations list) {
    return ask(known -> list == null ? known.find(query) : known.find(query, list));
  }

  /** Forgets delegations that ended before a moment, and says how many. */
  public int forget(Instant endedBefore) {
    return ask(known -> known.forget(endedBefore));
  }

  private Registry registry(Database database) {
    return new Registry(database, workplace.clock());
  }

  private SqlRevocations revocations(Database database) {
    return new SqlRevocations(database, workplace.clock());
  }
}
