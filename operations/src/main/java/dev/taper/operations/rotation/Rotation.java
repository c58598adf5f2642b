package dev.taper.operations.rotation;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces root keys: a new one beside the old ones, until nothing depends on those. Records what
 * was done, then gives the key set to write. Immutable.
 */
public final class Rotation {
  private final Clock clock;
  private final AuditRecorder audit;
  private final @Nullable RegistryAccess registry;

  /**
   * Rotates keys.
   *
   * @param clock what time it is
   * @param audit keeps the records
   * @param registry knows what depends on a key and is told of its end; or null
   */
  public Rotation(Clock clock, AuditRecorder audit, @Nullable RegistryAccess registry) {
    this.clock = clock;
    this.audit = audit;
    this.registry = registry;
  }

  /**
   * Adds a root key to a key set, and lets those that are in it end after the overlap; those of
   * another issuer stay as they are.
   *
   * @param old the key set
   * @param key the new public key
   * @param keyId its id, or null for the next one
   * @param issuer whose it is, or null
   * @param end until when the old keys stay good
   * @return the new key set, with the new key at its end
   */
  public RootKeySet start(
      RootKeySet old, PublicKey key, @Nullable Long keyId, @Nullable String issuer, Instant end) {
    List<RootKey> keys = new ArrayList<>();
    long next = 0;
    for (RootKey each : old.keys()) {
      Instant ends = each.expiresAt();
      next = Math.max(next, each.keyId() + 1);
      boolean isAnothers = issuer != null && each.issuer() != null && !each.issuer().equals(issuer);
      keys.add(
          isAnothers || (ends != null && ends.isBefore(end))
              ? each
              : new RootKey(each.publicKey(), each.keyId(), each.issuer(), end));
    }
    keys.add(new RootKey(key, keyId == null ? next : keyId, issuer, null));
    RootKeySet rotated = RootKeySet.of(clock, keys);
    record(key, "added");
    return rotated;
  }

  /**
   * Takes a root key out of a key set, and revokes it in the registry.
   *
   * @param keys the key set
   * @param keyId which key
   * @param early whether to do it before its end, or with delegations that are living
   * @return the key set without it
   * @throws OperationException {@code usage} if there is no such key, it is the last one, or it is
   *     still good
   */
  public RootKeySet retire(RootKeySet keys, long keyId, boolean early) {
    RootKey key =
        keys.keys().stream()
            .filter(each -> each.keyId() == keyId)
            .findFirst()
            .orElseThrow(() -> OperationException.usage("the key set has no key " + keyId));
    if (!early && !key.isExpiredAt(clock.instant())) {
      throw OperationException.usage(
          "key "
              + keyId
              + " is still good"
              + (key.expiresAt() == null ? "" : " until " + key.expiresAt())
              + "; to retire it early ends everything that it signed");
    }
    if (keys.keys().size() == 1) {
      throw OperationException.usage("key " + keyId + " is the last one; nothing would be trusted");
    }
    record(key.publicKey(), "retired");
    if (registry != null) {
      Fingerprint root = Fingerprint.ofRoot(key.publicKey());
      registry.revoked(List.of(RevocationEntry.forever(RevocationEntry.Kind.ROOT, root)));
    }
    return keys.without(keyId);
  }

  /** Tells what depends on each key of a set. */
  public List<RootKeyUse> uses(RootKeySet keys) {
    List<RootKeyUse> uses = new ArrayList<>();
    for (RootKey key : keys.keys()) {
      RegistryQuery query = RegistryQuery.living().rootKey(key.publicKey().toString());
      uses.add(new RootKeyUse(key, registry == null ? null : registry.find(query, null)));
    }
    return uses;
  }

  private void record(PublicKey key, String what) {
    audit.record(
        now ->
            AuditEvent.of(AuditKind.ROTATE, now)
                .subject(AuditEvent.Subject.of("root_key", key.toString()).decision(what)));
  }
}
