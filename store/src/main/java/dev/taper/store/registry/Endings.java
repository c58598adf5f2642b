package dev.taper.store.registry;

import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which delegations ended before their time, by what is known at one moment from a published
 * list, a registry, both or neither. So a display of living delegations need not rely on one place.
 * Immutable and thread-safe.
 */
public final class Endings {
  private final Known known;
  private final @Nullable Revocations list;
  private final Instant now;

  /**
   * The endings that a registry knows.
   *
   * @param revoked the fingerprints of revoked things
   * @param lapsed the ids of delegations that nobody certified by their review's date
   * @param blocks the fingerprint of every delegation's block, by the delegation's id
   */
  record Known(Set<Fingerprint> revoked, Set<String> lapsed, Map<String, Fingerprint> blocks) {
    static final Known NOTHING = new Known(Set.of(), Set.of(), Map.of());
  }

  private Endings(Known known, @Nullable Revocations list, Instant now) {
    this.known = known;
    this.list = list;
    this.now = now;
  }

  /**
   * Makes endings from a published list, or from nothing.
   *
   * @param list the list, or null
   * @param now the present time
   */
  public static Endings of(@Nullable Revocations list, Instant now) {
    return new Endings(Known.NOTHING, list, now);
  }

  /**
   * Makes endings from a registry, and a published list if there is one. Nothing is written: what a
   * review's date ends counts as ended even before the date is applied.
   *
   * @param registry the registry
   * @param list the list, or null
   * @param now the present time
   * @throws dev.taper.TaperException as {@link Registry#find}
   */
  public static Endings of(Registry registry, @Nullable Revocations list, Instant now) {
    return new Endings(registry.known(now), list, now);
  }

  /**
   * Tells what ended a delegation.
   *
   * @param id the digest of its block's revocation key, 64 hex digits
   * @param standsOn what else it depends on: its task, delegator, keys, and its block if that is
   *     known
   * @return {@link ReviewDecision#REVOKED} or {@link ReviewDecision#LAPSED}; null if nothing known
   *     did
   */
  public @Nullable ReviewDecision of(String id, Collection<Fingerprint> standsOn) {
    if (known.lapsed().contains(id)) {
      return ReviewDecision.LAPSED;
    }
    List<Fingerprint> all = new ArrayList<>(standsOn);
    Fingerprint block = known.blocks().get(id);
    if (block != null) {
      all.add(block);
    }
    for (Fingerprint fingerprint : all) {
      if (known.revoked().contains(fingerprint)) {
        return ReviewDecision.REVOKED;
      }
    }
    return list != null && list.check(all, now).revoked() >= 0 ? ReviewDecision.REVOKED : null;
  }
}
