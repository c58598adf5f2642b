package dev.taper.operations.rotation;

import dev.taper.store.registry.Delegated;
import dev.taper.trust.RootKeySet.RootKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A root key, and what depends on it.
 *
 * @param key the key
 * @param living the living delegations that it signed; null if no registry was asked
 */
public record RootKeyUse(RootKey key, @Nullable List<Delegated> living) {
  /** Copies the list. */
  public RootKeyUse {
    living = living == null ? null : List.copyOf(living);
  }

  /** When the last of them ends, {@link Instant#MAX} for never; null if there is none. */
  public @Nullable Instant lastEnd() {
    return living == null ? null : HolderKeyUse.lastEnd(living);
  }

  /** How many would outlive the key. */
  public long outlivingKey() {
    Instant expiry = key.expiresAt();
    return living == null || expiry == null
        ? 0
        : living.stream().filter(d -> d.endsAt() == null || d.endsAt().isAfter(expiry)).count();
  }
}
