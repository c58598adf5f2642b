package dev.taper.operations.revoking;

import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.store.registry.Delegated;
import dev.taper.store.registry.RegistryQuery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes by a name: the keys that a file of names has for it, and what a registry knows to be
 * held under it. In tokens names are claims: whoever hands on can give another's key any name. So a
 * key is revoked only if the file of names knows it; of what is held under the name by another key,
 * just that delegation ends. Immutable and thread-safe.
 *
 * @param name the name
 * @param keys the keys of the file of names
 * @param claimed other keys under which the registry has the name
 * @param held the delegations that are held under the name
 */
public record AgentHoldings(
    String name, Set<PublicKey> keys, Set<PublicKey> claimed, List<Delegated> held) {
  /** Copies the collections. */
  public AgentHoldings {
    keys = Set.copyOf(keys);
    claimed = Set.copyOf(claimed);
    held = List.copyOf(held);
  }

  /**
   * Looks a name up.
   *
   * @param names the file of names, or null
   * @param registry the registry, or null
   */
  public static AgentHoldings of(
      String name, @Nullable NamesFile names, @Nullable RegistryAccess registry) {
    return of(name, names, registry, RegistryQuery.living().holder(name));
  }

  /** Looks a name up, also in what has ended, as {@link #of}. */
  public static AgentHoldings ever(
      String name, @Nullable NamesFile names, @Nullable RegistryAccess registry) {
    return of(name, names, registry, RegistryQuery.living().withDead().holder(name));
  }

  private static AgentHoldings of(
      String name,
      @Nullable NamesFile names,
      @Nullable RegistryAccess registry,
      RegistryQuery query) {
    Set<PublicKey> keys = new LinkedHashSet<>();
    if (names != null) {
      keys.addAll(names.agents().getOrDefault(name, Set.of()));
      keys.addAll(names.approvers().getOrDefault(name, Set.of()));
    }
    List<Delegated> held = registry == null ? List.of() : registry.find(query, null);
    Set<PublicKey> claimed = new LinkedHashSet<>();
    for (Delegated each : held) {
      PublicKey key = PublicKey.parse(each.holderKey());
      if (!keys.contains(key)) {
        claimed.add(key);
      }
    }
    return new AgentHoldings(name, keys, claimed, held);
  }

  /** True if neither the file of names nor the registry knows the name. */
  public boolean isUnknown() {
    return keys.isEmpty() && held.isEmpty();
  }

  /**
   * What to revoke, so that nothing under the name is left.
   *
   * @param withClaimed whether to revoke the claimed keys as well, as keys
   */
  public List<Revocable> revocables(boolean withClaimed) {
    Set<PublicKey> revoked = new LinkedHashSet<>(keys);
    if (withClaimed) {
      revoked.addAll(claimed);
    }
    List<Revocable> all = new ArrayList<>();
    revoked.forEach(key -> all.add(Revocable.holder(key)));
    for (Delegated each : held) {
      if (!revoked.contains(PublicKey.parse(each.holderKey()))) {
        all.add(Revocable.delegation(each));
      }
    }
    return all;
  }
}
