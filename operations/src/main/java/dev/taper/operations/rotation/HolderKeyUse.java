package dev.taper.operations.rotation;

import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.store.registry.Delegated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A holder's key, and the living delegations that depend on it, as a registry knows them. Immutable
 * and thread-safe.
 *
 * @param key the key
 * @param held what it holds now: this ends once it is revoked as last holder
 * @param signed what was handed on or rotated by it, by however many hands: this ends only when it
 *     is revoked as a key
 */
public record HolderKeyUse(PublicKey key, List<Delegated> held, List<Delegated> signed) {
  /** Copies the lists. */
  public HolderKeyUse {
    held = List.copyOf(held);
    signed = List.copyOf(signed);
  }

  /**
   * Looks it up.
   *
   * @throws dev.taper.TaperException if the registry cannot be asked
   */
  public static HolderKeyUse of(PublicKey key, RegistryAccess registry) {
    List<Delegated> held = new ArrayList<>();
    List<Delegated> signed = new ArrayList<>();
    for (Delegated each : registry.ask(known -> known.through(key))) {
      (each.holderKey().equals(key.toString()) ? held : signed).add(each);
    }
    return new HolderKeyUse(key, held, signed);
  }

  /**
   * When the last of what it signed ends, {@link Instant#MAX} for never; null if nothing of it
   * lives.
   */
  public @Nullable Instant lastEnd() {
    return lastEnd(signed);
  }

  static @Nullable Instant lastEnd(List<Delegated> living) {
    Instant last = null;
    for (Delegated each : living) {
      Instant end = each.endsAt() == null ? Instant.MAX : each.endsAt();
      last = last == null || end.isAfter(last) ? end : last;
    }
    return last;
  }

  /**
   * Refuses to go on while something lives that would end with the key.
   *
   * @throws OperationException {@code key_in_use}
   */
  public void requireUnused() {
    if (held.isEmpty() && signed.isEmpty()) {
      return;
    }
    Instant last = lastEnd();
    String why =
        signed.isEmpty()
            ? held.size()
                + " living delegations are held by this key; move them, and revoke it as"
                + " the last holder"
            : signed.size()
                + " living delegations were handed on by this key, and would end; the last ends "
                + (Instant.MAX.equals(last) ? "never" : "at " + last);
    throw OperationException.refused("key_in_use", why);
  }
}
